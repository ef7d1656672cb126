"""A build's record: a folder that tells all about it, here or wherever it is taken.

build.json      what was asked, what was considered, the outcome; whole at any time
events.jsonl    what happened, see `events`
log.txt         the log, append-only, secrets masked
pip.log         all that pip knew, secrets masked; there once the build has ended
lock            held by the worker as long as it lives: so it is known without its number
cancel          there once somebody has asked for an end: who
ballast         room on the disk for the last words of a build that has filled it
work/           the build's HOME and temporary files, while it runs
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from dataclasses import replace
from pathlib import Path

from ..errors import StateError
from ..file_io import open_regular, parse_json, read_regular
from ..frozen import frozen
from ..removal import ASIDE, Remainder, remove_or_put_aside
from ..state import (
    FOLDER_MODE,
    is_locked,
    lock_now,
    make_folder,
    open_file,
    write_whole,
)
from ..times import now
from .events import (
    Event,
    Finished,
    Phase,
    decode,
    encode,
    header,
)
from .model import Build, build_as_json, build_from_json

_BALLAST = 64 * 1024
_TAIL = 64 * 1024
_LARGEST = 64 * 1024 * 1024


@frozen
class Record:
    """The record in one folder."""

    folder: Path

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"

    @property
    def events(self) -> Path:
        return self.folder / "events.jsonl"

    @property
    def pip_log(self) -> Path:
        return self.folder / "pip.log"

    @property
    def work(self) -> Path:
        return self.folder / "work"

    @property
    def lock(self) -> Path:
        return self.folder / "lock"

    @property
    def cancellation(self) -> Path:
        return self.folder / "cancel"

    @property
    def is_begun(self) -> bool:
        """Whether it tells of a build yet."""
        return (self.folder / "build.json").exists()

    def read(self) -> Build:
        """What ``build.json`` says. Raises StateError where there is none or it is none."""
        path = self.folder / "build.json"
        try:
            document = parse_json(read_regular(path, _LARGEST))
        except OSError as error:
            raise StateError(
                f"the record cannot be read: {error.strerror}", code="record-unreadable", file=path
            ) from None
        except ValueError as error:
            raise StateError(
                f"not a build record: {error}", code="record-invalid", file=path
            ) from None
        return build_from_json(document, self.folder)

    def build(self) -> Build:
        """The build as it stands now, its phase included; nothing is written.

        One whose worker is gone without a last word was interrupted.
        """
        build = self.read()
        if build.is_running and not self.is_alive():
            build = self.read()  # it may have ended between the two looks
            if build.is_running:
                build = replace(build, outcome="interrupted")
        return build if build.finished else replace(build, phase=self.last_phase() or build.phase)

    def write(self, build: Build) -> None:
        """Replace ``build.json``, whole and synced. Raises OSError."""
        text = json.dumps(build_as_json(build), ensure_ascii=True, indent=1)
        write_whole(self.folder / "build.json", text.encode())

    def is_alive(self) -> bool:
        """Whether somebody works on it: the one who prepares it, or its worker."""
        return is_locked(self.lock)

    def last_phase(self) -> str | None:
        """The phase that began last, as the end of the events tells."""
        try:
            with open(open_regular(self.events), "rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - _TAIL))
                lines = file.read(_TAIL).splitlines()
        except OSError:
            return None
        for line in reversed(lines):
            if b'"phase"' in line and isinstance(event := decode(line), Phase):
                return event.name
        return None


def create_record(builds: Path) -> tuple[Record, int]:
    """A new record, and the descriptor that holds its lock; whoever inherits it holds it too.

    Raises OSError.
    """
    import fcntl

    make_folder(builds)
    while True:
        moment = time.time()
        day = time.strftime("%Y%m%d-%H%M%S", time.gmtime(moment))
        folder = builds / f"{day}{int(moment * 1000) % 1000:03d}-{os.urandom(2).hex()}"
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        folder.chmod(FOLDER_MODE)
        break
    record = Record(folder)
    descriptor = open_file(record.lock, os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return record, descriptor


def lay_ballast(record: Record) -> None:
    """Take some room on the disk now, for the day when it is full. Raises OSError."""
    descriptor = open_file(record.folder / "ballast", os.O_WRONLY | os.O_CREAT)
    try:
        os.posix_fallocate(descriptor, 0, _BALLAST)
    finally:
        os.close(descriptor)


def drop_ballast(record: Record) -> None:
    """Give that room back, before something must be written."""
    with contextlib.suppress(OSError):
        os.unlink(record.folder / "ballast")


class Writer:
    """Appends to a record's log and events. Its methods raise OSError, as on a full disk."""

    def __init__(self, record: Record) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self._log = open_file(record.log, flags)
        self._events = open_file(record.events, flags)
        self.offset = os.fstat(self._log).st_size
        if not os.fstat(self._events).st_size:
            _append(self._events, header(record.id))

    def log(self, text: str) -> None:
        """Append whole lines, each with its end."""
        data = text.encode("utf-8", "backslashreplace")
        _append(self._log, data)
        self.offset += len(data)

    def event(self, event: Event) -> None:
        _append(self._events, encode(event))

    def phase(self, name: str, detail: str = "") -> None:
        self.event(Phase(time.time(), self.offset, name, detail))

    def mend(self) -> None:
        """End the lines that a killed writer has left unfinished."""
        for descriptor in (self._log, self._events):
            size = os.fstat(descriptor).st_size
            if size and not _ends_line(descriptor, size):
                _append(descriptor, b"\n")
        self.offset = os.fstat(self._log).st_size

    def close(self) -> None:
        os.close(self._log)
        os.close(self._events)


def _append(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _ends_line(descriptor: int, size: int) -> bool:
    readable = os.open(f"/proc/self/fd/{descriptor}", os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.pread(readable, 1, size - 1) == b"\n"
    finally:
        os.close(readable)


def close_interrupted(record: Record) -> Build:
    """What became of a build, written down where its worker could not do it any more.

    Its processes that are still there are ended and its temporary files removed. Whoever may only
    look gets the same answer.
    """
    build = record.build()
    if build.outcome != "interrupted" or build.finished:
        return build
    try:
        descriptor = lock_now(record.lock, make=False)
    except OSError:
        return build
    if descriptor is None:
        return build  # another settles it at this moment
    try:
        build = record.read()
        if build.is_running:
            build = _interrupt(record, build)
    except OSError:
        pass  # the disk is full: the next one will
    finally:
        os.close(descriptor)
    return build if not build.is_running else record.build()


def _interrupt(record: Record, build: Build) -> Build:
    from ..processes import end_leftovers

    end_leftovers(record.id)
    drop_ballast(record)
    remove_work(record)
    interrupted = replace(
        build, outcome="interrupted", finished=now(), phase=record.last_phase() or build.phase
    )
    writer = Writer(record)
    try:
        writer.mend()
        writer.log("pysteward: build interrupted: its worker was killed or the machine went down\n")
        record.write(interrupted)
        writer.event(Finished(time.time(), writer.offset, "interrupted"))
    finally:
        writer.close()
    return interrupted


def remove_work(record: Record) -> Remainder | None:
    """Remove the build's temporary files, or put them aside; what is left of them."""
    return remove_or_put_aside(record.work, record.folder.parent.parent / ASIDE)
