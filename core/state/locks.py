"""Locks on files (flock): they end with their owner, however that ends."""

from __future__ import annotations

import os
from pathlib import Path

from ..file_io import open_regular
from .directory import open_file


def lock_now(file: Path, *, make: bool = True) -> int | None:
    """Take a file's lock at once, or return None where another process holds it.

    make: create the file where there is none.
    Returns a descriptor; the lock is held until it and every copy that a child process inherited
    are closed. Raises OSError.
    """
    import fcntl

    descriptor = open_file(file, os.O_RDWR | (os.O_CREAT if make else 0))
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_locked(file: Path) -> bool:
    """Return whether a process holds a file's lock; none does where there is not a file."""
    import fcntl

    try:
        descriptor = open_regular(file)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
