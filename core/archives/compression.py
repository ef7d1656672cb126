"""The bytes that a packed archive holds, though it may be cut off or damaged."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from typing import Protocol

from ..errors import ArchiveError

_CHUNK = 256 * 1024
_LONGEST_NAME = 64 * 1024
_XZ_MEMORY = 256 * 1024**2  # bytes: a preset of xz needs 65 MiB at most (xz(1))


class Packed(Protocol):
    """Whatever gives the archive's own bytes, from its beginning."""

    def read(self, count: int = ..., /) -> bytes: ...


class _ShortHeaders:
    """Refuses a gzip header without end: `gzip` reads the name in it byte by byte, 50 MB for a
    minute, and all else in larger pieces."""

    def __init__(self, archive: Packed) -> None:
        self._archive = archive
        self._single = 0

    def read(self, count: int = -1, /) -> bytes:
        self._single = self._single + 1 if count == 1 else 0
        if self._single > _LONGEST_NAME:
            raise ArchiveError("the archive is damaged: the name in it has no end", "unreadable")
        return self._archive.read(count)


def gunzipped(archive: Packed) -> Callable[[int], bytes]:
    """Return a function that gives as many bytes as asked for, fewer only at the end.

    It raises ArchiveError (unreadable).
    """
    # Its documentation names seek() too, which only going back would need.
    unzipped = gzip.GzipFile(fileobj=_ShortHeaders(archive))  # pyright: ignore[reportArgumentType] - as said above

    def read(count: int) -> bytes:
        try:
            return unzipped.read(count)
        except EOFError:
            raise _cut_off() from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise _damaged(error) from None

    return read


def unxzipped(archive: Packed) -> Callable[[int], bytes]:
    """Return the same for xz. Raises ArchiveError where this Python cannot read xz."""
    try:
        import lzma
    except ImportError:
        raise ArchiveError(
            "pysteward's own Python cannot read .xz: give the .tgz", "unreadable"
        ) from None
    unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)

    def read(count: int) -> bytes:
        parts: list[bytes] = []
        while count and not unpacker.eof:
            packed = archive.read(_CHUNK) if unpacker.needs_input else b""
            if unpacker.needs_input and not packed:
                raise _cut_off()
            try:
                part = unpacker.decompress(packed, count)
            except lzma.LZMAError as error:
                raise _damaged(error) from None
            count -= len(part)
            parts.append(part)
        return b"".join(parts)

    return read


def _cut_off() -> ArchiveError:
    return ArchiveError("the archive is cut off", "unreadable")


def _damaged(error: Exception) -> ArchiveError:
    return ArchiveError(f"the archive is damaged: {error}", "unreadable")
