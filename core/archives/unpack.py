"""Create files and directories below a directory descriptor; no link is followed on the way."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress

from .reader import ArchiveMember

# POSIX only, and absent elsewhere.
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_DIRECTORY = getattr(os, "O_DIRECTORY", 0)
_CLOSE_ON_EXEC = getattr(os, "O_CLOEXEC", 0)


def open_root(path: str | os.PathLike[str]) -> int:
    """Open the directory that members are created below. Returns its descriptor."""
    return os.open(path, os.O_RDONLY | _DIRECTORY | _CLOSE_ON_EXEC)


def make_directory(root: int, name: str) -> None:
    """Create a directory below `root`, with those above it; it may exist already."""
    os.close(_open_directory(root, name))


def write_file(root: int, member: ArchiveMember) -> tuple[int, str]:
    """Write a file that does not exist yet below `root`, with mode 0644 or 0755 within the umask.

    Returns its size in bytes and its SHA-256. Raises: OSError, and what its chunks raise.
    """
    parent, _, base = member.name.rpartition("/")
    directory = _open_directory(root, parent)
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | _CLOSE_ON_EXEC
        descriptor = os.open(base, flags, 0o755 if member.executable else 0o644, dir_fd=directory)
    finally:
        os.close(directory)
    hashed, size = hashlib.sha256(), 0
    with os.fdopen(descriptor, "wb") as stream:
        for chunk in member.chunks:
            stream.write(chunk)
            hashed.update(chunk)
            size += len(chunk)
    return size, hashed.hexdigest()


def _open_directory(root: int, name: str) -> int:
    """Return a descriptor of a directory below `root`, created where it is missing."""
    directory = os.dup(root)
    try:
        for part in name.split("/") if name else ():
            with suppress(FileExistsError):  # a directory, or else the next line fails
                os.mkdir(part, 0o755, dir_fd=directory)
            flags = os.O_RDONLY | _DIRECTORY | _NO_LINK | _CLOSE_ON_EXEC
            inner = os.open(part, flags, dir_fd=directory)
            os.close(directory)
            directory = inner
    except BaseException:
        os.close(directory)
        raise
    return directory
