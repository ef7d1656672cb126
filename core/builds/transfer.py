"""A record as one file, to be given to somebody else, and its way back."""

from __future__ import annotations

import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ..errors import StateError
from ..state import FILE_MODE
from .record import Record

if TYPE_CHECKING:
    import tarfile

_FILES = ("build.json", "events.jsonl", "log.txt", "pip.log")
_NEEDED = frozenset({"build.json", "events.jsonl", "log.txt"})
_LARGEST = 2 * 1024**3
_CHUNK = 1024 * 1024
_PATIENCE = 10.0  # seconds for a worker that has told its outcome and tidies up


def export(record: Record, target: Path) -> Path:
    """Write a finished build's record into one ``.tar.gz``; it is there whole or not at all.

    target: the file, or a folder for ``BUILD.tar.gz``. Returns the file.

    Raises StateError for a build that runs, for a file that exists, or what cannot be written.
    """
    import tarfile
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
            with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=6) as archive:
                for name in _FILES:
                    source = record.folder / name
                    if source.exists():
                        archive.add(source, f"{record.id}/{name}", filter=_impersonal)
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


def open_record(path: Path) -> OpenRecord:
    """A record from elsewhere: an exported file, or a record's folder. Close it in the end.

    The file is read as hostile: only the files of a record are taken, and only so much of them.
    Raises StateError for what is no record.
    """
    if path.is_dir():
        opened = OpenRecord(path)
    else:
        folder = TemporaryDirectory(prefix="pysteward-record-", ignore_cleanup_errors=True)
        try:
            place = _unpack(path, Path(folder.name))
        except BaseException:
            folder.cleanup()
            raise
        opened = OpenRecord(place, folder)
    try:
        opened.read()
    except StateError:
        opened.close()
        raise
    return opened


class OpenRecord(Record):
    """A record that may lie in a temporary folder, which goes when it is closed."""

    def __init__(self, folder: Path, temporary: TemporaryDirectory[str] | None = None) -> None:
        super().__init__(folder)
        object.__setattr__(self, "_temporary", temporary)

    def __enter__(self) -> OpenRecord:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        temporary: TemporaryDirectory[str] | None = getattr(self, "_temporary", None)
        if temporary is not None:
            temporary.cleanup()


def _unpack(path: Path, folder: Path) -> Path:
    import tarfile
    import zlib

    try:
        with tarfile.open(path, "r:*") as archive:
            place = _take(archive, folder)
    except OSError as error:
        raise StateError(
            f"the record cannot be opened: {error.strerror or error}",
            code="record-unreadable",
            file=path,
        ) from None
    except (tarfile.TarError, zlib.error, EOFError, ValueError) as error:
        # The first of its lines says it; the others list what tarfile has tried.
        reason = str(error).partition("\n")[0].rstrip(":")
        raise StateError(
            f"this is no exported record: {reason}", code="record-invalid", file=path
        ) from None
    if place is None:
        raise StateError(
            "this is no exported record: it lacks build.json, events.jsonl or log.txt",
            code="record-invalid",
            file=path,
        )
    return place


def _take(archive: tarfile.TarFile, folder: Path) -> Path | None:
    """Take the record's files into a folder named as the build; None where there is no record."""
    import shutil

    taken: set[str] = set()
    room = _LARGEST
    place = folder / "record"
    place.mkdir()
    for count, member in enumerate(archive):
        if count > 100:
            break
        name = member.name.rpartition("/")[2]
        if not member.isreg() or name not in _FILES or name in taken or member.size > room:
            continue
        source = archive.extractfile(member)
        if source is None:
            continue
        with source, open(place / name, "xb") as target:
            shutil.copyfileobj(source, target, _CHUNK)
        taken.add(name)
        room -= member.size
    return place if taken >= _NEEDED else None


def _impersonal(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the names and numbers of this machine's users."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o644
    return member
