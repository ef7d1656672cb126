"""Who may write the directories of a state directory: its owner, and no member of its group.

Nothing below the state directory may be a symbolic link: as root, a write would follow it to a file
of the system. Since only the owner can make one there, a look at the beginning of a command is
enough.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from ..errors import StateError

_LEVELS = {"environments": 4, "builds": 2}
"""How many levels of directories are ours, where it is more than the one itself."""


def refuse_links(state_dir: Path) -> None:
    """Raise StateError (state-link) where a directory of the state directory is a link."""
    for at, entry in _directories(state_dir, {"environments": 4}):
        if entry.is_symlink():
            raise StateError(
                f"{at} is a symbolic link, and nothing below the state directory may be one: "
                "remove it, or set state-dir to the directory that it leads to",
                code="state-link",
                file=at,
            )


def close_to_group(state_dir: Path) -> bool:
    """Take the group's right to write from directories that an earlier version made with it.

    Returns whether there was any. Only their owner can; the state directory itself is last, so that
    a run that is interrupted is repeated. Raises OSError.
    """
    mode = os.stat(state_dir).st_mode
    if not mode & stat.S_IWGRP or os.stat(state_dir).st_uid != os.geteuid():
        return False
    for at, entry in _directories(state_dir, _LEVELS):
        if entry.is_dir(follow_symlinks=False):
            with contextlib.suppress(PermissionError):  # the directory of a build's user
                _close(at)
    _close(state_dir)
    return True


def _close(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        if mode & stat.S_IWGRP:
            os.fchmod(descriptor, mode & ~stat.S_IWGRP)
    finally:
        os.close(descriptor)


def _directories(
    state_dir: Path, levels: dict[str, int]
) -> Iterator[tuple[Path, os.DirEntry[str]]]:
    """Yield the directories of the state directory, and the links where one could be."""
    pending = [(state_dir, -1)]
    while pending:
        directory, left = pending.pop()
        with (
            contextlib.suppress(FileNotFoundError, PermissionError),
            os.scandir(directory) as entries,
        ):
            for entry in entries:
                below = left - 1 if left >= 0 else levels.get(entry.name, 1) - 1
                if entry.is_symlink() or entry.is_dir(follow_symlinks=False):
                    yield directory / entry.name, entry
                    if below > 0 and not entry.is_symlink():
                        pending.append((directory / entry.name, below))
