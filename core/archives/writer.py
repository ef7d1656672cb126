"""Write a tar archive that tells neither when nor by whom: the same files give the same bytes."""

from __future__ import annotations

import gzip
import hashlib
import tarfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import BinaryIO


class ArchiveWriter:
    """The members of one archive; made by ``write_archive``."""

    def __init__(self, stream: gzip.GzipFile) -> None:
        self._stream = stream

    def add_link(self, name: str, target: str) -> None:
        """Add a symbolic link."""
        link = _header(name, tarfile.SYMTYPE, 0o777)
        link.linkname = target
        self._put(link)

    def add_file(
        self, name: str, size: int, chunks: Iterable[bytes], *, executable: bool = False
    ) -> str:
        """Add a file. Returns the SHA-256 of its contents.

        size: bytes that the chunks have together; it is written before them, so the caller must
            drop the archive where it is not true.
        """
        file = _header(name, tarfile.REGTYPE, 0o755 if executable else 0o644)
        file.size = size
        self._put(file)
        hashed = hashlib.sha256()
        for chunk in chunks:
            hashed.update(chunk)
            self._stream.write(chunk)
        self._stream.write(bytes(-size % tarfile.BLOCKSIZE))
        return hashed.hexdigest()

    def _put(self, member: tarfile.TarInfo) -> None:
        # PAX, because names may have any length and any bytes (POSIX.1-2001).
        self._stream.write(member.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape"))


@contextmanager
def write_archive(target: BinaryIO, *, level: int) -> Generator[ArchiveWriter]:
    """Write a gzipped archive to a stream. level: of compression, 1 to 9."""
    with gzip.GzipFile("", "wb", compresslevel=level, fileobj=target, mtime=0) as packed:
        yield ArchiveWriter(packed)
        packed.write(bytes(2 * tarfile.BLOCKSIZE))


def _header(name: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.type = kind
    header.mode = mode
    return header
