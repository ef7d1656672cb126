"""Where a bundle's members come from: an archive or a directory, both read as hostile.

Each source yields its members once, in order, with harmless names, and refuses what no bundle may
hold; the caller decides what becomes of their contents.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol

from ..archives import ArchiveMember, ArchiveReader, EntryKind, Limits, Meter, safe_name
from ..errors import ArchiveError, BundleError
from ..file_io import UnsafeFileError, open_regular

if TYPE_CHECKING:
    from .selection import Selection

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
"""Directories of a directory bundle that are tools' own and not content; rsconnect-python leaves
them out, too. So are virtual environments: directories with a ``pyvenv.cfg``."""


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

    def members(self, limits: Limits) -> Iterator[ArchiveMember]: ...


class ArchiveSource:
    """A tar archive, gzipped or plain."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.identity: FileIdentity | None = None
        self.is_gzip = False

    def open(self) -> BinaryIO:
        """Open the archive file. Raises BundleError where it is not the file it was."""
        try:
            descriptor = open_regular(self.path, follow=True)
        except UnsafeFileError:
            raise BundleError(
                "is neither a directory nor a file: give a bundle's directory, its manifest.json "
                "or a .tar.gz",
                file=self.path,
            ) from None
        except OSError as error:
            raise unreadable(self.path, error) from None
        stream = os.fdopen(descriptor, "rb")
        identity = FileIdentity.of(os.fstat(descriptor))
        if self.identity not in (None, identity):
            stream.close()
            raise changed(self.path)
        self.identity = identity
        return stream

    def members(self, limits: Limits) -> Iterator[ArchiveMember]:
        with self.open() as stream:
            reader = ArchiveReader(stream, limits)
            self.is_gzip = reader.format is not None
            yield from reader.members()


class DirectorySource:
    """A directory; links are reported and never followed, at any depth.

    selection: what belongs to the bundle; None for all. left_out: how many files did not, when it
    was last read to its end; they are not opened.
    """

    def __init__(self, path: Path, selection: Selection | None = None) -> None:
        self.path = path
        self.selection = selection
        self.left_out = 0

    def members(self, limits: Limits) -> Iterator[ArchiveMember]:
        meter = Meter(limits)
        self.left_out = 0
        try:
            root = os.open(self.path, os.O_RDONLY | _DIRECTORY)
        except OSError as error:
            raise unreadable(self.path, error) from None
        try:
            yield from self._directory(root, "", meter)
        finally:
            os.close(root)

    def _directory(self, directory: int, prefix: str, meter: Meter) -> Iterator[ArchiveMember]:
        with os.scandir(directory) as listing:
            found = sorted(listing, key=lambda entry: os.fsencode(entry.name))
        if prefix and any(entry.name == "pyvenv.cfg" for entry in found):
            return
        if prefix:
            yield ArchiveMember(prefix, EntryKind.DIRECTORY, 0, False, "", iter(()))
        for entry in found:
            if not self._belongs(f"{prefix}/{entry.name}" if prefix else entry.name):
                self.left_out += _count_files(directory, entry, _MOST_COUNTED - self.left_out)
                continue
            name = safe_name(f"{prefix}/{entry.name}" if prefix else entry.name)
            meter.count_member()
            try:
                yield from self._entry(directory, entry, name, meter)
            except OSError as error:
                raise unreadable(self.path / name, error) from None

    def _belongs(self, name: str) -> bool:
        selection = self.selection
        return selection is None or selection.takes(name) or selection.leads_to_some(name)

    def _entry(
        self, directory: int, entry: os.DirEntry[str], name: str, meter: Meter
    ) -> Iterator[ArchiveMember]:
        if entry.is_symlink():
            target = os.readlink(entry.name, dir_fd=directory)
            yield ArchiveMember(name, EntryKind.LINK, 0, False, target, iter(()))
        elif not entry.is_dir(follow_symlinks=False):
            yield from self._file(directory, entry.name, name, meter)
        elif entry.name not in NOT_CONTENT:
            inner = os.open(entry.name, os.O_RDONLY | _DIRECTORY | _NO_LINK, dir_fd=directory)
            try:
                yield from self._directory(inner, name, meter)
            finally:
                os.close(inner)

    def _file(self, directory: int, entry: str, name: str, meter: Meter) -> Iterator[ArchiveMember]:
        flags = os.O_RDONLY | _NO_LINK | _NO_WAIT | _CLOSE_ON_EXEC
        status = os.stat(entry, dir_fd=directory, follow_symlinks=False)
        if not stat.S_ISREG(status.st_mode):
            raise BundleError(
                f"{name!r} is neither a file nor a directory nor a link: this bundle is refused",
                code="bundle-hostile",
                file=self.path,
            )
        with os.fdopen(os.open(entry, flags, dir_fd=directory), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise changed(self.path)
            read = _counted(stream, meter)
            executable = bool(status.st_mode & 0o111)
            chunks = iter(lambda: read(_CHUNK), b"")
            yield ArchiveMember(name, EntryKind.FILE, status.st_size, executable, "", chunks)


@contextmanager
def as_bundle_errors(path: Path) -> Generator[None]:
    """Turn what is wrong with an archive into what is wrong with the bundle at `path`."""
    try:
        yield
    except ArchiveError as error:
        raise BundleError(error.message, code=f"bundle-{error.kind}", file=path) from None
    except BundleError as error:
        if error.file is None:
            error.file = str(path)
        raise


def unreadable(path: Path, error: OSError) -> BundleError:
    """Return a failure of the system while the bundle was read."""
    return BundleError(
        f"cannot be read: {error.strerror or error}", code="bundle-unreadable", file=path
    )


def changed(path: Path) -> BundleError:
    """Return the bundle changed between two readings of it."""
    return BundleError("changed while it was being read: try again", file=path)


# POSIX only, and absent elsewhere: O_NOFOLLOW refuses a link in the last place, O_NONBLOCK a pipe
# without a writer.
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
_DIRECTORY = getattr(os, "O_DIRECTORY", 0)
_CLOSE_ON_EXEC = getattr(os, "O_CLOEXEC", 0)


# Only counted to be said: a user does not wait for a million files that are not taken.
_MOST_COUNTED = 100_000
_DEEPEST_COUNTED = 100


def _count_files(directory: int, entry: os.DirEntry[str], most: int, depth: int = 0) -> int:
    """Return how many files an entry of an open directory stands for, up to `most`; tools' own
    directories count as none."""
    if entry.name in NOT_CONTENT or most <= 0 or depth > _DEEPEST_COUNTED:
        return 0
    if not entry.is_dir(follow_symlinks=False):
        return 1
    count = 0
    try:
        inner = os.open(entry.name, os.O_RDONLY | _DIRECTORY | _NO_LINK, dir_fd=directory)
    except OSError:
        return 0
    try:
        with os.scandir(inner) as listing:
            found = list(listing)
        if not any(each.name == "pyvenv.cfg" for each in found):
            for each in found:
                count += _count_files(inner, each, most - count, depth + 1)
    finally:
        os.close(inner)
    return count


def _counted(stream: BinaryIO, meter: Meter) -> Callable[[int], bytes]:
    def read(count: int) -> bytes:
        data = stream.read(count)
        meter.count_bytes(len(data))
        return data

    return read
