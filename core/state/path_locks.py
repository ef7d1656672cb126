"""One lock for each directory of a kind (environments, stored wheels): held alone while it is made
or removed, shared while it is taken into use."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from .directory import make_directory, open_file
from .locks import is_locked

_DIRECTORY = ".locks"


@contextmanager
def hold(path: Path, *, shared: bool = False, wait: bool = True) -> Generator[bool]:
    """Hold the lock of a directory; gives whether it is held.

    path: the directory; it need not exist. shared: several may hold it at the same time, none of
    them alone. A deploy that reuses an environment holds it so from looking at the marker until the
    use is recorded; then no removal comes in between.
    wait: until the lock is free; without it, False is given where another holds it.

    The lock ends with the process, however that ends (flock). Raises OSError.
    """
    descriptor = acquire(path, shared=shared, wait=wait)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)


def acquire(path: Path, *, shared: bool = False, wait: bool = True) -> int | None:
    """As `hold`, but gives the descriptor that holds the lock until it, and every copy that a child
    process inherited, is closed; None where another holds it. Raises OSError."""
    import fcntl

    kind = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
    return _locked(lock_file(path), kind)


def lock_file(path: Path) -> Path:
    """Return the file that is locked; it lies beside the directory, so that it outlasts its
    removal."""
    return path.parent / _DIRECTORY / path.name


def forget_lock(path: Path) -> None:
    """Remove the lock's file; only its sole holder may, and it holds nothing afterwards."""
    lock_file(path).unlink(missing_ok=True)


def _locked(file: Path, kind: int) -> int | None:
    import fcntl

    make_directory(file.parent)
    while True:
        descriptor = open_file(file, os.O_RDONLY | os.O_CREAT)
        try:
            fcntl.flock(descriptor, kind)
            # Removing the directory removed the lock's file as well: then this is a lock
            # on nothing, and the next one to come would lock another file.
            if _same(descriptor, file):
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _same(descriptor: int, file: Path) -> bool:
    try:
        there = os.stat(file)
    except FileNotFoundError:
        return False
    return os.path.samestat(there, os.fstat(descriptor))


def is_held(path: Path) -> bool:
    """Return whether a process holds the lock alone: a build or a removal is at work."""
    return is_locked(lock_file(path))
