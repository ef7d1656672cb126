"""The temporary directory of content in the foreground.

It goes with the program that has made it. After a kill it stays until the next look removes
it: that of the next `content run`, or of the next build.
"""

from __future__ import annotations

import os
import stat
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from ..removal import remove_tree
from ..state import lock_now

_PREFIX: Final = "pysteward-run-"
_LOCK: Final = "lock"
_UNLOCKED_FOR: Final = 3600.0
"""Seconds that a directory without its lock is left alone: a program may just be making it."""


@contextmanager
def make_workplace() -> Generator[Path]:
    """Make a directory that others may go through, and remove it at the end. Raises OSError."""
    remove_left_workplaces()
    directory = Path(tempfile.mkdtemp(prefix=_PREFIX))
    lock = None
    try:
        lock = lock_now(directory / _LOCK)
        directory.chmod(0o711)  # content may run as another user
        yield directory
    finally:
        remove_tree(directory)
        if lock is not None:
            os.close(lock)


def remove_left_workplaces() -> None:
    """Remove the directories of this user whose program was killed."""
    for directory in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if _is_own(directory):
                _remove_unless_used(directory)


def _is_own(directory: Path) -> bool:
    found = directory.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()


def _remove_unless_used(directory: Path) -> None:
    try:
        lock = lock_now(directory / _LOCK, make=False)
    except FileNotFoundError:
        if directory.lstat().st_mtime < time.time() - _UNLOCKED_FOR:
            remove_tree(directory)
        return
    if lock is not None:
        remove_tree(directory)
        os.close(lock)
