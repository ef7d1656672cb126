"""The directories in which environments lie, and what belongs to whom in a finished one."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from ..state import let_through

MOST_DEPTH = 100
"""How deep directories may be nested: those of real packages reach 20."""


def let_through_to(directory: Path, state_dir: Path) -> None:
    """Let every user go through to a directory of the state directory, without seeing what is on
    the way. Raises OSError."""
    for on_the_way in (directory, *directory.parents):
        if on_the_way == state_dir or state_dir in on_the_way.parents:
            let_through(on_the_way)


def give(path: Path, user: int, group: int) -> None:
    """Give an empty new directory to a user; links are not followed."""
    os.chown(path, user, group, follow_symlinks=False)


def take_over(path: Path, owner: int | None = None) -> None:
    """Make a directory and everything below it ours, or that owner's, and writable for no other
    user.

    The previous owner may still be at work in it: each directory is taken before what is in it is
    looked at, and no link is followed. Raises OSError, also where directories are nested too deep.
    """
    parent = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _take_directory(path.name, parent, os.geteuid() if owner is None else owner, 0)
    finally:
        os.close(parent)


def _take_directory(name: str, parent: int, user: int, depth: int) -> None:
    if depth > MOST_DEPTH:
        raise OSError(f"directories in it are nested deeper than {MOST_DEPTH} levels")
    descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=parent)
    try:
        os.fchown(descriptor, user, -1)
        os.fchmod(descriptor, _closed(os.fstat(descriptor).st_mode))
        with os.scandir(descriptor) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    _take_directory(entry.name, descriptor, user, depth + 1)
                else:
                    _take_file(entry, descriptor, user)
    finally:
        os.close(descriptor)


def _take_file(entry: os.DirEntry[str], parent: int, user: int) -> None:
    status = entry.stat(follow_symlinks=False)
    os.chown(entry.name, user, -1, dir_fd=parent, follow_symlinks=False)
    mode = _closed(status.st_mode)
    if stat.S_ISREG(status.st_mode) and mode != stat.S_IMODE(status.st_mode):
        os.chmod(entry.name, mode, dir_fd=parent)


def _closed(mode: int) -> int:
    """Return the mode with reading for all, and writing only for the owner."""
    mode = stat.S_IMODE(mode) & ~(stat.S_IWGRP | stat.S_IWOTH | stat.S_ISUID | stat.S_ISGID)
    readable = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH
    executable = (stat.S_IXGRP | stat.S_IXOTH) if mode & stat.S_IXUSR else 0
    return mode | readable | executable
