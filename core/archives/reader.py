"""Read a tar archive, packed or plain, in one bounded pass, with harmless names."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from ..errors import ArchiveError
from ..file_io import open_regular
from .limits import Limits, Meter
from .names import safe_name
from .tar import EntryKind, entries

CHUNK = 256 * 1024
_GZIP, _XZ = "gzip", "xz"
_SIGNATURES = {
    b"\x1f\x8b": _GZIP,
    b"\xfd7zXZ": _XZ,
    b"PK\x03\x04": "zip",
    b"BZh": "bzip2",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\x1f\x9d": "compress",
    b"Rar!": "rar",
    b"7z\xbc\xaf": "7z",
}
_LONGEST_SIGNATURE = 8


class ArchiveMember(NamedTuple):
    """A member of an archive or a directory.

    name: relative, harmless, with ``/`` between its parts.
    size: bytes, as the archive has it.
    target: what a link points to, as written.
    chunks: the contents of a file, to be read before the next member is asked for.
    """

    name: str
    kind: EntryKind
    size: int
    executable: bool
    target: str
    chunks: Iterator[bytes]


class ByteStream(Protocol):
    """Whatever gives the bytes of an archive from its beginning."""

    def read(self, count: int = ..., /) -> bytes: ...


class ArchiveReader:
    """One pass over one archive.

    stream: the archive's own bytes. limits: what is accepted.
    formats: the packings that are accepted, of ``gzip`` and ``xz``; a plain archive always is.
    hashed: whether ``digest`` will be asked for.
    Raises: ArchiveError (unreadable, invalid) for an empty file and for another format.
    """

    def __init__(
        self,
        stream: ByteStream,
        limits: Limits,
        *,
        formats: Collection[str] = (_GZIP,),
        hashed: bool = False,
    ) -> None:
        self._source = _Counted(stream, hashed)
        self._meter = Meter(limits)
        self.format = _format_of(self._source.peek(_LONGEST_SIGNATURE), formats)

    def members(self) -> Iterator[ArchiveMember]:
        """Yield the members in their order, those of the archive's own directory left out.

        Raises: ArchiveError (unreadable, hostile, too-large).
        """
        read = self._metered()
        for entry in entries(read, self._meter):
            name = safe_name(entry.name)
            if name:
                yield ArchiveMember(
                    name, entry.kind, entry.size, entry.executable, entry.target, entry.chunks
                )
        # What follows the end mark is padding; reading it lets gzip and xz check their checksums.
        while read(CHUNK):
            pass

    def digest(self) -> str:
        """Return the SHA-256 of the whole archive file, reading what is left of it."""
        while self._source.read(CHUNK):
            pass
        return self._source.hexdigest()

    def _metered(self) -> Callable[[int], bytes]:
        unpacked = _unpacked(self._source, self.format)

        def read(count: int) -> bytes:
            data = unpacked(count)
            self._meter.count_bytes(len(data), self._source.position if self.format else None)
            return data

        return read


@contextmanager
def open_archive(
    path: Path,
    limits: Limits,
    *,
    formats: Collection[str] = (_GZIP,),
    hashed: bool = False,
) -> Generator[ArchiveReader]:
    """Open an archive file for one pass; see ArchiveReader.

    Nothing is waited for: a named pipe without a writer is refused.
    Raises: OSError (UnsafeFileError for what is not a regular file), ArchiveError.
    """
    with os.fdopen(open_regular(path, follow=True), "rb") as stream:
        yield ArchiveReader(stream, limits, formats=formats, hashed=hashed)


class _Counted:
    """A stream that counts, and hashes if asked to, what is read from it."""

    def __init__(self, stream: ByteStream, hashed: bool) -> None:
        self._stream = stream
        self._hash = hashlib.sha256() if hashed else None
        self._ahead = b""
        self.position = 0

    def peek(self, count: int) -> bytes:
        """Return up to `count` bytes and keep them to be read."""
        self._ahead = self._stream.read(count)
        return self._ahead

    def read(self, count: int = CHUNK, /) -> bytes:
        if self._ahead:
            data, self._ahead = self._ahead[:count], self._ahead[count:]
            data += self._stream.read(count - len(data)) if len(data) < count else b""
        else:
            data = self._stream.read(count)
        self.position += len(data)
        if self._hash is not None:
            self._hash.update(data)
        return data

    def hexdigest(self) -> str:
        assert self._hash is not None
        return self._hash.hexdigest()


def _format_of(magic: bytes, formats: Collection[str]) -> str | None:
    """Return the packing; None for a plain archive."""
    if not magic:
        raise ArchiveError("is empty", "unreadable")
    found = next((name for sign, name in _SIGNATURES.items() if magic.startswith(sign)), None)
    if found is not None and found not in formats:
        endings = {_GZIP: ".tar.gz", _XZ: ".tar.xz"}
        accepted = " or ".join(ending for name, ending in endings.items() if name in formats)
        raise ArchiveError(f"is packed as {found}: give a {accepted or '.tar'}", "invalid")
    return found


def _unpacked(source: _Counted, packing: str | None) -> Callable[[int], bytes]:
    if packing is None:
        return source.read
    from .compression import gunzipped, unxzipped  # a bundle that is a directory needs neither

    return gunzipped(source) if packing == _GZIP else unxzipped(source)
