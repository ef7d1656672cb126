"""Where a bundle's members come from: an archive or a folder, both read as hostile.

Each source yields its members once, in order, with harmless names, and refuses what no bundle may
hold; whoever takes them decides what becomes of their contents.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from ..archives import EntryKind, Limits, Meter, entries, safe_name
from ..errors import BundleError

_CHUNK = 256 * 1024

NOT_CONTENT = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        ".Rproj.user",
        ".ipynb_checkpoints",
        "__pycache__",
        "node_modules",
        "rsconnect-python",
    }
)
"""Folders of a directory bundle that are tools' own and not content; rsconnect-python leaves them
out, too. So are virtual environments: folders with a ``pyvenv.cfg``."""


class Incoming(NamedTuple):
    """A member as a source yields it.

    name: relative, harmless, with ``/`` between its parts.
    target: what a link points to, as written.
    chunks: the contents of a file, to be taken before the next member is asked for.
    """

    name: str
    kind: EntryKind
    executable: bool
    target: str
    chunks: Iterator[bytes]


class FileIdentity(NamedTuple):
    """What tells whether a file is still the one that was read."""

    device: int
    inode: int
    size: int
    modified_ns: int
    changed_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> FileIdentity:
        return cls(
            status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
        )


class BundleSource(Protocol):
    """A bundle's files, wherever they are."""

    @property
    def path(self) -> Path: ...

    def members(self, limits: Limits) -> Iterator[Incoming]: ...


class ArchiveSource:
    """A tar archive, gzipped or plain."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.identity: FileIdentity | None = None
        self.is_gzip = False

    def open(self) -> BinaryIO:
        """The archive's own bytes. Raises BundleError where it is not the file it was."""
        try:
            # Not blocking: a named pipe that nobody writes to must not hang the program.
            descriptor = os.open(self.path, os.O_RDONLY | _NO_WAIT | _CLOSE_ON_EXEC)
        except OSError as error:
            raise unreadable(self.path, error) from None
        stream = os.fdopen(descriptor, "rb")
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            stream.close()
            raise BundleError(
                "is neither a folder nor a file: give a bundle's folder, its manifest.json "
                "or a .tar.gz",
                file=self.path,
            )
        identity = FileIdentity.of(status)
        if self.identity not in (None, identity):
            stream.close()
            raise changed(self.path)
        self.identity = identity
        return stream

    def members(self, limits: Limits) -> Iterator[Incoming]:
        meter = Meter(limits)
        with self.open() as stream:
            self.is_gzip = _check_format(stream, self.path)
            read = _gunzip(stream, meter) if self.is_gzip else _counted(stream, meter)
            for entry in entries(read, meter):
                name = safe_name(entry.name)
                if name:
                    yield Incoming(name, entry.kind, entry.executable, entry.target, entry.chunks)
            # What follows the end mark is filling; reading it lets gzip prove its checksum.
            while read(_CHUNK):
                pass


class FolderSource:
    """A folder; links are reported and never followed, at any depth."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def members(self, limits: Limits) -> Iterator[Incoming]:
        meter = Meter(limits)
        try:
            root = os.open(self.path, os.O_RDONLY | _FOLDER)
        except OSError as error:
            raise unreadable(self.path, error) from None
        try:
            yield from self._folder(root, "", meter)
        finally:
            os.close(root)

    def _folder(self, folder: int, prefix: str, meter: Meter) -> Iterator[Incoming]:
        with os.scandir(folder) as listing:
            found = sorted(listing, key=lambda entry: os.fsencode(entry.name))
        if prefix and any(entry.name == "pyvenv.cfg" for entry in found):
            return
        if prefix:
            yield Incoming(prefix, EntryKind.FOLDER, False, "", iter(()))
        for entry in found:
            name = safe_name(f"{prefix}/{entry.name}" if prefix else entry.name)
            meter.count_member()
            try:
                yield from self._entry(folder, entry, name, meter)
            except OSError as error:
                raise unreadable(self.path / name, error) from None

    def _entry(
        self, folder: int, entry: os.DirEntry[str], name: str, meter: Meter
    ) -> Iterator[Incoming]:
        if entry.is_symlink():
            target = os.readlink(entry.name, dir_fd=folder)
            yield Incoming(name, EntryKind.LINK, False, target, iter(()))
        elif not entry.is_dir(follow_symlinks=False):
            yield from self._file(folder, entry.name, name, meter)
        elif entry.name not in NOT_CONTENT:
            inner = os.open(entry.name, os.O_RDONLY | _FOLDER | _NO_LINK, dir_fd=folder)
            try:
                yield from self._folder(inner, name, meter)
            finally:
                os.close(inner)

    def _file(self, folder: int, entry: str, name: str, meter: Meter) -> Iterator[Incoming]:
        flags = os.O_RDONLY | _NO_LINK | _NO_WAIT | _CLOSE_ON_EXEC
        status = os.stat(entry, dir_fd=folder, follow_symlinks=False)
        if not stat.S_ISREG(status.st_mode):
            raise BundleError(
                f"{name!r} is neither a file nor a folder nor a link: this bundle is refused",
                code="bundle-hostile",
                file=self.path,
            )
        with os.fdopen(os.open(entry, flags, dir_fd=folder), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise changed(self.path)
            read = _counted(stream, meter)
            executable = bool(status.st_mode & 0o111)
            yield Incoming(name, EntryKind.FILE, executable, "", iter(lambda: read(_CHUNK), b""))


def unreadable(path: Path, error: OSError) -> BundleError:
    """A failure of the system while the bundle was read."""
    return BundleError(
        f"cannot be read: {error.strerror or error}", code="bundle-unreadable", file=path
    )


def changed(path: Path) -> BundleError:
    """Somebody wrote to the bundle between two looks at it."""
    return BundleError("changed while it was being read: try again", file=path)


# POSIX only, and absent elsewhere: O_NOFOLLOW refuses a link in the last place, O_NONBLOCK a pipe
# without a writer.
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
_FOLDER = getattr(os, "O_DIRECTORY", 0)
_CLOSE_ON_EXEC = getattr(os, "O_CLOEXEC", 0)

_OTHER_FORMATS = {
    b"PK\x03\x04": "a zip archive",
    b"BZh": "compressed by bzip2",
    b"\xfd7zXZ": "compressed by xz",
    b"\x28\xb5\x2f\xfd": "compressed by zstd",
    b"\x1f\x9d": "compressed by compress",
    b"Rar!": "a rar archive",
    b"7z\xbc\xaf": "a 7z archive",
}


def _check_format(stream: BinaryIO, path: Path) -> bool:
    """Whether it is gzipped. Raises BundleError for what is certainly no bundle."""
    magic = stream.read(8)
    stream.seek(0)
    if not magic:
        raise BundleError("is empty", code="bundle-unreadable", file=path)
    for signature, name in _OTHER_FORMATS.items():
        if magic.startswith(signature):
            raise BundleError(f"is {name}: a bundle is a .tar.gz", file=path)
    return magic.startswith(b"\x1f\x8b")


def _counted(stream: BinaryIO, meter: Meter) -> Callable[[int], bytes]:
    def read(count: int) -> bytes:
        data = stream.read(count)
        meter.count_bytes(len(data))
        return data

    return read


def _gunzip(stream: BinaryIO, meter: Meter) -> Callable[[int], bytes]:
    from ..archives import gunzipped

    unzipped = gunzipped(stream)

    def read(count: int) -> bytes:
        data = unzipped(count)
        meter.count_bytes(len(data), stream.tell())
        return data

    return read
