"""Read files that another user may have made, and replace files as a whole.

A file is opened without following a link and without waiting, and only where it is a regular file
of a trusted owner. It is read up to a limit. All failures are OSError, so that callers need one
`except`; `strerror` says what is wrong.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

BLOCK: Final = 1 << 20
"""Bytes that are read at a time."""


class UnsafeFileError(OSError):
    """The file is not a regular one, is another user's, or is larger than allowed."""

    def __init__(self, path: str | Path, reason: str) -> None:
        super().__init__(errno.EINVAL, reason, str(path))


def open_regular(
    path: str | Path,
    *,
    owners: Collection[int] | None = None,
    follow: bool = False,
    dir_fd: int | None = None,
) -> int:
    """Open an existing regular file for reading; nothing is waited for.

    owners: user numbers that may own it; None: any user.
    follow: also open what a symbolic link leads to.
    dir_fd: the directory that a relative path starts from.
    Returns the descriptor. Raises OSError; UnsafeFileError for what is not such a file.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags | (0 if follow else os.O_NOFOLLOW), dir_fd=dir_fd)
    except OSError as error:
        # open(2): ELOOP for a link that must not be followed, ENXIO for a socket.
        if error.errno == errno.ELOOP:
            raise UnsafeFileError(path, "is a symbolic link, not a regular file") from None
        if error.errno == errno.ENXIO:
            raise UnsafeFileError(path, "is a socket, not a regular file") from None
        raise
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UnsafeFileError(path, f"is {_kind(status.st_mode)}, not a regular file")
        if owners is not None and status.st_uid not in owners:
            raise UnsafeFileError(path, f"belongs to user {status.st_uid}, who is not trusted")
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def read_regular(
    path: str | Path,
    limit: int,
    *,
    owners: Collection[int] | None = None,
    follow: bool = False,
    dir_fd: int | None = None,
) -> bytes:
    """Read a whole regular file.

    limit: bytes that it may have at most. owners, follow, dir_fd: as for `open_regular`.
    Raises OSError; UnsafeFileError where it is larger or is not such a file.
    """
    descriptor = open_regular(path, owners=owners, follow=follow, dir_fd=dir_fd)
    try:
        data = bytearray()
        for block in blocks(descriptor, limit + 1):
            data += block
    finally:
        os.close(descriptor)
    if len(data) > limit:
        raise UnsafeFileError(path, f"is larger than {limit} bytes")
    return bytes(data)


def blocks(descriptor: int, limit: int) -> Iterator[bytes]:
    """Read up to `limit` bytes from where a descriptor stands, at most `BLOCK` at a time."""
    while limit > 0 and (data := os.read(descriptor, min(BLOCK, limit))):
        limit -= len(data)
        yield data


def replace_file(
    path: str | Path,
    data: bytes,
    *,
    mode: int = 0o640,
    owner: tuple[int, int] | None = None,
    synced: bool = True,
) -> None:
    """Put a file in place: whole and on disk, or what was there stays.

    A link at that name is replaced, not followed. mode: exactly, whatever the umask.
    owner: user and group number that it is given to; None: the caller's.
    synced: False for what can be made again and need not outlive a power failure.
    Raises OSError.
    """
    path = Path(path)
    parent = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _replace_in(parent, path.name, data, mode, owner, synced)
    except OSError as error:
        if error.filename is not None:
            error.filename = str(path)
        raise
    finally:
        os.close(parent)


def _replace_in(
    parent: int, name: str, data: bytes, mode: int, owner: tuple[int, int] | None, synced: bool
) -> None:
    temporary = f".{name}.{os.getpid()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        descriptor = os.open(temporary, flags, 0o600, dir_fd=parent)
    except FileExistsError:  # left by a process of that number, which is this one's now
        os.unlink(temporary, dir_fd=parent)
        descriptor = os.open(temporary, flags, 0o600, dir_fd=parent)
    try:
        try:
            write_all(descriptor, data)
            if owner is not None:
                os.fchown(descriptor, *owner)
            os.fchmod(descriptor, mode)
            if synced:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(temporary, name, src_dir_fd=parent, dst_dir_fd=parent)
    except OSError:
        os.unlink(temporary, dir_fd=parent)
        raise
    if synced:
        os.fsync(parent)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of it, however little the system takes at a time. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def open_directory(path: str | Path, *, below: str | Path | None = None) -> int:
    """Open a directory; no link is followed below `below`, or at its own name where that is None.

    below: a directory above it, which may be reached through links. Returns the descriptor.
    Raises OSError; UnsafeFileError for a link.
    """
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    if below is None:
        start, names = Path(path).parent, [Path(path).name]
    else:
        start, names = Path(below), list(Path(path).relative_to(below).parts)
    descriptor = os.open(start, flags)
    for name in names:
        above = descriptor
        try:
            descriptor = os.open(name, flags | os.O_NOFOLLOW, dir_fd=above)
        except OSError as error:
            # open(2): with O_DIRECTORY a link gives ENOTDIR.
            if error.errno in (errno.ELOOP, errno.ENOTDIR) and _is_link(name, above):
                raise UnsafeFileError(path, f"{name} is a symbolic link") from None
            error.filename = str(path)
            raise
        finally:
            os.close(above)
    return descriptor


def _is_link(name: str, parent: int) -> bool:
    try:
        return stat.S_ISLNK(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)
    except OSError:
        return False


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a directory"
    if stat.S_ISFIFO(mode):
        return "a named pipe"
    return "a device"
