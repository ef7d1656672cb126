"""Export a build record to one file, and open such a file."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, cast

from ..archives import (
    ArchiveReader,
    ArchiveWriter,
    EntryKind,
    Limits,
    open_archive,
    open_root,
    write_archive,
    write_file,
)
from ..errors import ArchiveError, StateError
from ..file_io import open_regular
from ..state import FILE_MODE
from .record import Record

_FILES = ("build.json", "events.jsonl", "log.txt", "pip.log", "pylock.toml")
_NEEDED = frozenset({"build.json", "events.jsonl", "log.txt"})
_LIMITS = Limits(total_bytes=2 * 1024**3, members=100, expansion=1000)
"""A log may say one line a million times, so it packs well."""
_CHUNK = 1024 * 1024
_PATIENCE = 10.0  # seconds for a worker that has told its outcome and tidies up


def export(record: Record, target: Path) -> Path:
    """Write a finished build's record into one ``.tar.gz``; it is there whole or not at all.

    target: the file, or a directory for ``BUILD.tar.gz``. Returns the file.

    Raises StateError for a build that runs, for a file that exists, or what cannot be written.
    """
    from tempfile import NamedTemporaryFile

    if record.build().is_running:
        raise StateError(f"build {record.id} still runs: export it later", code="build-running")
    give_up = time.monotonic() + _PATIENCE
    while record.is_alive() and time.monotonic() < give_up:
        time.sleep(0.02)
    file = target / f"{record.id}.tar.gz" if target.is_dir() else target
    if file.exists():
        raise StateError("this file exists: choose another name", code="file-exists", file=file)
    try:
        with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.") as stream:
            with write_archive(cast("BinaryIO", stream), level=6) as archive:
                for name in _FILES:
                    _add(archive, record, name)
            stream.flush()
            os.fsync(stream.fileno())
            os.fchmod(stream.fileno(), FILE_MODE)
            os.link(stream.name, file)
    except OSError as error:
        raise StateError(
            f"the record cannot be exported: {error.strerror or error}",
            code="file-unwritable",
            file=file,
        ) from None
    return file


def _add(archive: ArchiveWriter, record: Record, name: str) -> None:
    """Add a file as far as it is written now: a log may still grow by what a child says late."""
    try:
        descriptor = open_regular(record.directory / name)
    except FileNotFoundError:
        return
    with os.fdopen(descriptor, "rb") as file:
        size = os.fstat(descriptor).st_size
        archive.add_file(f"{record.id}/{name}", size, _exactly(file, size))


def _exactly(file: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield the first `size` bytes. Raises OSError where the file was cut."""
    while size:
        chunk = file.read(min(size, _CHUNK))
        if not chunk:
            raise OSError(errno.EIO, "the file was cut while it was exported", file.name)
        size -= len(chunk)
        yield chunk


def open_record(path: Path) -> OpenRecord:
    """Return a record from elsewhere: an exported file, or a record's directory. Close it in the
    end.

    The file is read as hostile: only the files of a record are taken, and only so much of them.
    Raises StateError for what is not a record.
    """
    if path.is_dir():
        opened = OpenRecord(path)
    else:
        directory = TemporaryDirectory(prefix="pysteward-record-", ignore_cleanup_errors=True)
        try:
            place = _unpack(path, Path(directory.name))
        except BaseException:
            directory.cleanup()
            raise
        opened = OpenRecord(place, directory)
    try:
        opened.read()
    except StateError:
        opened.close()
        raise
    return opened


class OpenRecord(Record):
    """A record that may lie in a temporary directory, which goes when it is closed."""

    def __init__(self, directory: Path, temporary: TemporaryDirectory[str] | None = None) -> None:
        super().__init__(directory)
        object.__setattr__(self, "_temporary", temporary)

    def __enter__(self) -> OpenRecord:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        temporary: TemporaryDirectory[str] | None = getattr(self, "_temporary", None)
        if temporary is not None:
            temporary.cleanup()


def _unpack(path: Path, directory: Path) -> Path:
    """Write the files of an exported record below `directory`; nothing else in it is believed."""
    place = directory / "record"
    place.mkdir()
    try:
        with open_archive(path, _LIMITS, formats=("gzip", "xz")) as archive:
            taken = _take(archive, place)
    except OSError as error:
        raise StateError(
            f"the record cannot be opened: {error.strerror or error}",
            code="record-unreadable",
            file=path,
        ) from None
    except ArchiveError as error:
        raise StateError(
            f"this is no exported record: {error.message}", code="record-invalid", file=path
        ) from None
    if not taken >= _NEEDED:
        raise StateError(
            "this is no exported record: it lacks build.json, events.jsonl or log.txt",
            code="record-invalid",
            file=path,
        )
    return place


def _take(archive: ArchiveReader, place: Path) -> set[str]:
    """Write the record's files; returns the names of those that were there."""
    taken: set[str] = set()
    root = open_root(place)
    try:
        for member in archive.members():
            name = member.name.rpartition("/")[2]
            if member.kind is EntryKind.FILE and name in _FILES and name not in taken:
                write_file(root, member._replace(name=name, executable=False))
                taken.add(name)
    finally:
        os.close(root)
    return taken
