"""The bytes of a log: read where they lie, however many, whatever happens to the file.

`os.pread` and never mmap: a file that is cut short kills a process that has it mapped. The file
stays open as long as anybody holds this object, so that a log that was removed can still be read
to its end and saved.
"""

from __future__ import annotations

import os
import stat
import weakref
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from ....core.errors import StateError


class FileState(Enum):
    """What has become of a file since it was opened."""

    PRESENT = "present"
    """It is where it was; it may have grown."""
    TRUNCATED = "truncated"
    """It is shorter than it was."""
    REPLACED = "replaced"
    """Its name now belongs to another file."""
    REMOVED = "removed"
    """It has no name any more."""
    UNREADABLE = "unreadable"
    """The system answers with an error, of a disk or of a network file system."""


class LogFile:
    """A regular file, open for reading.

    until: gives how many of its bytes are to be there already, for a log that is played again.
    Raises StateError when it cannot be opened or is not a regular file.
    """

    def __init__(self, path: Path, until: Callable[[], int] | None = None) -> None:
        self.path = path
        self._until = until
        try:
            # Opened without blocking, because it may be a pipe without a writer.
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except (OSError, ValueError) as problem:
            reason = getattr(problem, "strerror", None) or str(problem)
            raise StateError(f"the log cannot be opened: {reason}", file=path) from problem
        # Threads may be reading when the view closes: the last who lets go closes the file.
        weakref.finalize(self, os.close, descriptor)
        self._descriptor = descriptor
        self._identity = os.fstat(descriptor)
        if not stat.S_ISREG(self._identity.st_mode):
            raise StateError("this is no regular file, so no log", file=path)

    @property
    def size(self) -> int:
        """Bytes it has now; 0 when the system does not say."""
        try:
            size = os.fstat(self._descriptor).st_size
        except OSError:
            return 0
        return size if self._until is None else min(size, self._until())

    def read(self, offset: int, length: int) -> bytes:
        """Up to so many bytes from there; fewer at the end, none where nothing can be read."""
        parts: list[bytes] = []
        while length > 0:
            try:
                part = os.pread(self._descriptor, length, offset)
            except OSError:
                break
            if not part:
                break
            parts.append(part)
            offset += len(part)
            length -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def fate(self, known_size: int) -> FileState:
        """Return what has become of it, known_size being the bytes that were there before."""
        try:
            if os.fstat(self._descriptor).st_size < known_size:
                return FileState.TRUNCATED
            named = os.stat(self.path)
        except (FileNotFoundError, NotADirectoryError):
            return FileState.REMOVED
        except OSError:
            return FileState.UNREADABLE
        same = os.path.samestat(named, self._identity)
        return FileState.PRESENT if same else FileState.REPLACED
