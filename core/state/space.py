"""A disk without room: told apart from other failures, and said so that one knows what to free."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from ..errors import StateError

_ROOM = 128 * 1024  # bytes that a database needs to work: the write-ahead log's index takes 32 KiB


def is_full(directory: Path) -> bool:
    """Return whether a disk has no room for a database to work in; SQLite calls that an I/O error,
    too."""
    try:
        status = os.statvfs(directory)
    except OSError:
        return False
    return status.f_bavail * status.f_frsize < _ROOM or _has_no_inodes(status)


def no_space(path: str | Path) -> StateError:
    """Return the error that says what the disk has none of. path: what could not be written."""
    return StateError(f"{what_is_full(path)} and try again", code="no-space", file=path)


def what_is_full(path: str | Path) -> str:
    """Return what the disk of a file has none of, and what to do; a clause."""
    place = Path(path)
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        status = os.statvfs(place)
    except OSError:
        status = None
    if status is not None and _has_no_inodes(status):
        return "the disk has no inodes left (df -i shows them): remove files"
    return "the disk is full: make room"


def lacks_space(error: OSError) -> bool:
    """Return whether the system refused something because a disk or a quota is full."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def _has_no_inodes(status: os.statvfs_result) -> bool:
    """Return whether no file can be made. Where a file system counts none, both are 0."""
    return status.f_files > 0 and status.f_favail == 0
