"""Put files of the store into an environment: shared where the file system can, else copied."""

from __future__ import annotations

import errno
import os
from typing import Final, Literal

from ..file_io import BLOCK, write_all

Links = Literal["auto", "copy"]
Method = Literal["reflink", "hard link", "copy"]

_FICLONE: Final = 0x40049409  # ioctl_ficlone(2)
_NO_REFLINK = frozenset(
    {errno.EOPNOTSUPP, errno.EXDEV, errno.EINVAL, errno.ENOTTY, errno.ENOSYS, errno.EPERM}
)
_NEVER_LINKED = frozenset({errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS})
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Linker:
    """Places files by the first method that works: reflink, hard link, copy.

    A reflink shares the data and has an inode of its own. A hard link is the file of the store
    itself, which nobody but its owner can write.
    """

    def __init__(self, links: Links = "auto") -> None:
        self.method: Method = "copy" if links == "copy" else "reflink"

    def place(self, source: str, target: str) -> None:
        """Make a file that does not exist yet. Raises OSError."""
        if self.method == "reflink":
            if _clone(source, target):
                return
            self.method = "hard link"
        if self.method == "hard link":
            try:
                os.link(source, target)
                return
            except OSError as error:
                if error.errno in _NEVER_LINKED:
                    self.method = "copy"  # another device, or a system that protects hard links
                elif error.errno != errno.EMLINK:  # this file has as many names as it can
                    raise
        _copy(source, target)


def _clone(source: str, target: str) -> bool:
    """Make a reflink; False where this file system has none."""
    import fcntl

    reading = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        writing = os.open(target, _FLAGS, 0o600)
        try:
            fcntl.ioctl(writing, _FICLONE, reading)
            os.fchmod(writing, _mode(reading))
        except OSError as error:
            os.unlink(target)
            if error.errno in _NO_REFLINK:
                return False
            raise
        finally:
            os.close(writing)
    finally:
        os.close(reading)
    return True


def _copy(source: str, target: str) -> None:
    reading = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        writing = os.open(target, _FLAGS, 0o600)
        try:
            while data := os.read(reading, BLOCK):
                write_all(writing, data)
            os.fchmod(writing, _mode(reading))
        finally:
            os.close(writing)
    finally:
        os.close(reading)


def _mode(descriptor: int) -> int:
    """Return the mode of a file that is the environment's own."""
    return 0o755 if os.fstat(descriptor).st_mode & 0o100 else 0o644
