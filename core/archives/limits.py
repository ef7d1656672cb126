"""How large a bundle may be."""

from __future__ import annotations

from ..errors import ArchiveError
from ..frozen import frozen


@frozen
class Limits:
    """What is accepted of an archive; the defaults are far above what content holds."""

    total_bytes: int = 4 * 1024**3
    """All files together, unpacked."""

    members: int = 100_000
    """Files, directories and whatever else an archive lists."""

    expansion: int = 200
    """How many times larger than the archive its contents may be; gzip reaches about 1,000."""

    expansion_free_bytes: int = 64 * 1024**2
    """Up to this many bytes the ratio does not matter: a small file of zeros is no attack."""

    read_bytes: int = 32 * 1024**2
    """The manifest, and what else is read whole."""

    requirements_bytes: int = 4 * 1024**2
    """The package file, and each file that it includes."""


class Meter:
    """Counts what really comes out of an archive, and stops at a limit.

    Raises ArchiveError as soon as one is passed: what an archive says of itself is not believed.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.bytes = 0
        self.members = 0

    def count_member(self) -> None:
        self.members += 1
        if self.members > self.limits.members:
            raise _too_large(f"holds more than {self.limits.members:,} files and directories")

    def count_bytes(self, count: int, compressed: int | None = None) -> None:
        """count: bytes that came out now; compressed: bytes of the archive read so far."""
        self.bytes += count
        if self.bytes > self.limits.total_bytes:
            raise _too_large(f"unpacks to more than {_size(self.limits.total_bytes)}")
        if compressed is None or self.bytes <= self.limits.expansion_free_bytes:
            return
        if self.bytes > compressed * self.limits.expansion:
            raise _too_large(
                f"unpacks to more than {self.limits.expansion} times its size (a gzip bomb?)"
            )


def _too_large(complaint: str) -> ArchiveError:
    return ArchiveError(f"this {complaint}: it is refused", kind="too-large")


def _size(count: int) -> str:
    for unit, factor in (("GiB", 1024**3), ("MiB", 1024**2), ("KiB", 1024)):
        if count >= factor:
            return f"{count / factor:.0f} {unit}"
    return f"{count} bytes"
