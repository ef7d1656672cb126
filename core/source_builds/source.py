"""A source archive: read as hostile, looked through before anything begins, unpacked in the worker.

The members come from the reader that bundles come from. Python's own archives hold nothing but
files and folders below one folder; a link is never created, and one that leads out refuses all.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ..archives import (
    Entry,
    EntryKind,
    Limits,
    Meter,
    Tree,
    entries,
    gunzipped,
    resolve_inside,
    safe_name,
)
from ..errors import BuildError, BundleError, RequestError
from ..frozen import frozen
from ..versions import PythonVersion

LIMITS = Limits(total_bytes=2 * 1024**3, members=60_000, expansion=100)
"""Python 3.14 has some 5,500 files of 130 MB in an archive of 30 MB."""

_CHUNK = 256 * 1024
_XZ_MEMORY = 256 * 1024**2  # bytes: a preset of xz asks for 65 MiB at most
_HEADER = "Include/patchlevel.h"
_LARGEST_HEADER = 64 * 1024
_PY_VERSION = re.compile(rb'^#define\s+PY_VERSION\s+"([^"]{1,40})"', re.MULTILINE)

Read = Callable[[int], bytes]


@frozen
class PythonSource:
    """A source archive that was looked through. digest: SHA-256 of the file.

    top: the folder that holds everything, such as ``Python-3.11.9``.
    """

    path: Path
    digest: str
    version: PythonVersion
    top: str


def inspect(path: Path) -> PythonSource:
    """Look through a source archive, whole. Raises BuildError for what is none."""
    tree, header = Tree(), b""
    tops: set[str] = set()
    has_configure = False
    with _opened(path) as archive:
        for entry, name in archive.members():
            top, _, inside = name.partition("/")
            tops.add(top)
            tree.add(name, entry.kind)
            if entry.kind is EntryKind.FILE:
                has_configure = has_configure or inside == "configure"
                if inside == _HEADER and entry.size <= _LARGEST_HEADER:
                    header = b"".join(entry.chunks)
        digest = archive.digest()
    if len(tops) != 1 or not has_configure or not header:
        raise _none(path)
    return PythonSource(path, digest, _version(header, path), tops.pop())


def unpack(path: Path, digest: str, folder: Path) -> tuple[str, ...]:
    """Write an archive's files into a new folder that only this process may write to.

    Returns a line for each link that was left out. Raises BuildError where the archive is no longer
    the one that was looked through, or is refused, and OSError.
    """
    tree, left_out = Tree(), list[str]()
    folder.mkdir()
    written: list[Path] = []
    with _opened(path) as archive:
        for entry, name in archive.members():
            target = folder / name
            tree.add(name, entry.kind)
            if entry.kind is EntryKind.FOLDER:
                target.mkdir(parents=True, exist_ok=True)
            elif entry.kind is EntryKind.LINK:
                left_out.append(f"left out the link {name} (to {entry.target})")
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                _write(target, entry)
                written.append(target)
        if archive.digest() != digest:
            raise BuildError(
                "the source archive changed since it was asked for",
                code="source-changed",
                file=path,
            )
    # make remakes what is older than its sources, for which old versions need another Python; the
    # order in which files were written must not make them so.
    moment = os.stat(folder).st_mtime
    for file in written:
        os.utime(file, (moment, moment))
    return tuple(left_out)


def _write(target: Path, entry: Entry) -> None:
    # The tree is new, holds no link and is nobody else's, and each name in it was proved new.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(os.open(target, flags, 0o755 if entry.executable else 0o644), "wb") as file:
        for chunk in entry.chunks:
            file.write(chunk)


class _Archive:
    """An archive that is read once, from its beginning to its end."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self._taken = 0

    def members(self) -> Iterator[tuple[Entry, str]]:
        """The members, each with its harmless name."""
        meter = Meter(LIMITS)
        more = _unpacked(self)

        def read(count: int) -> bytes:
            data = more(count)
            meter.count_bytes(len(data), self._taken)
            return data

        for entry in entries(read, meter):
            name = safe_name(entry.name)
            if not name:
                continue
            if entry.kind is EntryKind.LINK and resolve_inside(name, entry.target) is None:
                raise BundleError(
                    f"the link {name[:120]!r} leads out of the bundle: this bundle is refused"
                )
            yield entry, name
        while read(_CHUNK):  # what follows the end mark is filling, and then the checksum
            pass

    def read(self, count: int = -1) -> bytes:
        """Bytes of the archive as it lies on the disk."""
        data = self._stream.read(count)
        self._hash.update(data)
        self._taken += len(data)
        return data

    def magic(self) -> bytes:
        """The first bytes, by which its compression is known."""
        return os.pread(self._stream.fileno(), 6, 0)

    def digest(self) -> str:
        """Of all that is on the disk."""
        while self.read(_CHUNK):
            pass
        return self._hash.hexdigest()


@contextmanager
def _opened(path: Path) -> Generator[_Archive]:
    """The archive; what its reader says of bundles is said of it."""
    try:
        # Not blocking: a named pipe that nobody writes to must not hang the program.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise BuildError(
            f"the source archive cannot be read: {error.strerror}",
            code="source-unreadable",
            file=path,
        ) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _none(path)
    with open(descriptor, "rb") as stream:
        try:
            yield _Archive(stream)
        except BundleError as error:
            raise BuildError(
                error.message.replace("bundle", "archive"),
                code=error.code.replace("bundle", "source"),
                file=path,
            ) from None


def _unpacked(archive: _Archive) -> Read:
    """What gives the tar archive's bytes, always as many as asked for until its end."""
    magic = archive.magic()
    if magic.startswith(b"\x1f\x8b"):
        return gunzipped(archive)
    if magic == b"\xfd7zXZ\0":
        return _unxz(archive)
    return archive.read


def _unxz(archive: _Archive) -> Read:
    try:
        import lzma
    except ImportError:
        raise BundleError(
            "pysteward's own Python cannot read .xz: give the .tgz", code="bundle-unreadable"
        ) from None
    unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)

    def read(count: int) -> bytes:
        parts: list[bytes] = []
        while count and not unpacker.eof:
            packed = archive.read(_CHUNK) if unpacker.needs_input else b""
            if unpacker.needs_input and not packed:
                raise BundleError("the archive is cut off", code="bundle-unreadable")
            try:
                part = unpacker.decompress(packed, count)
            except lzma.LZMAError as error:
                raise BundleError(
                    f"the archive is damaged: {error}", code="bundle-unreadable"
                ) from None
            count -= len(part)
            parts.append(part)
        return b"".join(parts)

    return read


def _version(header: bytes, path: Path) -> PythonVersion:
    found = _PY_VERSION.search(header)
    if found is not None:
        try:
            return PythonVersion.parse(found[1].decode("ascii", "replace"))
        except RequestError:
            pass
    raise _none(path)


def _none(path: Path) -> BuildError:
    return BuildError(
        "this is no source archive of a Python: give a Python-X.Y.Z.tgz or .tar.xz as python.org "
        "has them",
        code="source-invalid",
        file=path,
    )
