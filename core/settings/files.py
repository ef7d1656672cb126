"""Read settings files, whatever stands at their path, and notices when they change."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NamedTuple

from ..errors import SettingsError

MOST_BYTES = 256 * 1024
"""A settings file is some kilobytes; what is larger than this is none."""


class FileRead(NamedTuple):
    """A file as it was when it was read.

    identity: device, inode, size and both times.
    """

    path: Path
    identity: tuple[int, ...]
    content: bytes

    def changed(self) -> bool:
        """Return whether the file holds something else now; being touched is no change."""
        try:
            if _identity(os.stat(self.path)) == self.identity:
                return False
            return read(self.path, trusted=True).content != self.content
        except (OSError, SettingsError):
            return True


def read(path: Path, *, trusted: bool = False) -> FileRead:
    """Read a settings file; raises SettingsError where that cannot or must not be done.

    trusted: do not ask whether others could change the file.
    """
    # Not to wait for the other end of a pipe, nor to make a terminal ours.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as problem:
        raise _unreadable(path, problem) from None
    try:
        found = os.fstat(descriptor)
        _insist_on_regular(path, found)
        if not trusted and hasattr(os, "geteuid") and os.geteuid() == 0:
            _insist_on_trust(path)
        content = _read_all(descriptor)
    except OSError as problem:
        raise _unreadable(path, problem) from None
    finally:
        os.close(descriptor)
    if len(content) > MOST_BYTES:
        raise SettingsError(
            f"is no settings file: it has more than {MOST_BYTES} bytes",
            code="settings-too-large",
            file=path,
        )
    return FileRead(path, _identity(found), content)


def _read_all(descriptor: int) -> bytes:
    """Return the content; at least one byte too many of a file that is too large."""
    content = bytearray()
    while len(content) <= MOST_BYTES:
        part = os.read(descriptor, MOST_BYTES + 1)
        if not part:
            break
        content += part
    return bytes(content)


def _insist_on_regular(path: Path, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise SettingsError("is a directory: name the settings file in it", file=path)
    if not stat.S_ISREG(found.st_mode):
        raise SettingsError("is a device or a pipe: settings are read from a file", file=path)


def _insist_on_trust(path: Path) -> None:
    from ..trust import why_replaceable

    reason = why_replaceable(path)
    if reason is not None:
        raise SettingsError(
            f"names programs that root would run, and {reason}: "
            "give it and its directories to root (chown root, chmod go-w), or do not run as root",
            code="settings-not-trusted",
            file=path,
        )


def _unreadable(path: Path, problem: OSError | ValueError) -> SettingsError:
    if isinstance(problem, FileNotFoundError):
        return SettingsError(
            "there is no such settings file: check the path", code="settings-missing", file=path
        )
    reason = problem.strerror if isinstance(problem, OSError) else str(problem)
    advice = ": run as a user who may read it" if isinstance(problem, PermissionError) else ""
    return SettingsError(
        f"the settings cannot be read ({reason}){advice}", code="settings-unreadable", file=path
    )


def _identity(found: os.stat_result) -> tuple[int, ...]:
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
