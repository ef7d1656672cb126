"""Read back what a confined program has unpacked or compiled, and make it the steward's.

All processes of that program have ended. Nothing is taken but directories and regular files that
have no other name, so that none of them can be changed by another user any more.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ..file_io import BLOCK
from .model import WheelUnfit

_DEEPEST = 64
_BEGIN = 8
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class FileRead(NamedTuple):
    """A regular file. name: below the directory that was read. sha256: hexadecimal.

    begin: its first eight bytes.
    """

    name: str
    size: int
    is_executable: bool
    sha256: str
    begin: bytes


def read_back(directory: Path) -> tuple[FileRead, ...]:
    """Return every file below a directory, sorted; all of it is the caller's and read-only then.

    Raises: WheelUnfit for anything but directories and regular files; OSError.
    """
    descriptor = os.open(directory, _FLAGS | os.O_DIRECTORY)
    try:
        return tuple(sorted(_read_directory(descriptor, "", 0)))
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise WheelUnfit("a symbolic link appeared while it was unpacked") from None
        raise
    finally:
        os.close(descriptor)


def _read_directory(descriptor: int, above: str, depth: int) -> Iterator[FileRead]:
    if depth > _DEEPEST:
        raise WheelUnfit(f"directories in it are nested deeper than {_DEEPEST} levels")
    owner = os.geteuid()
    if os.fstat(descriptor).st_uid != owner:
        os.fchown(descriptor, owner, os.getegid())
    os.fchmod(descriptor, 0o755)
    with os.scandir(descriptor) as entries:
        found = list(entries)
    for entry in found:
        name = f"{above}{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            below = os.open(entry.name, _FLAGS | os.O_DIRECTORY, dir_fd=descriptor)
            try:
                yield from _read_directory(below, f"{name}/", depth + 1)
            finally:
                os.close(below)
        else:
            opened = os.open(entry.name, _FLAGS, dir_fd=descriptor)
            try:
                yield _read_file(opened, name, owner)
            finally:
                os.close(opened)


def _read_file(descriptor: int, name: str, owner: int) -> FileRead:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
        raise WheelUnfit(f"{name!r} is not a regular file of its own")
    if status.st_uid != owner:
        os.fchown(descriptor, owner, os.getegid())
    is_executable = bool(status.st_mode & stat.S_IXUSR)
    os.fchmod(descriptor, 0o555 if is_executable else 0o444)
    data = os.read(descriptor, BLOCK)
    digest, size, begin = hashlib.sha256(data), len(data), data[:_BEGIN]
    while data:
        data = os.read(descriptor, BLOCK)
        digest.update(data)
        size += len(data)
    return FileRead(name, size, is_executable, digest.hexdigest(), begin)
