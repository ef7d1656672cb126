"""The record of a build: a directory with everything about it, here or wherever it is taken.

build.json      what was asked, what was considered, the outcome; complete at any time
events.jsonl    what happened, see `events`
log.txt         the log, append-only, secrets masked
pip.log         pip's own log, secrets masked; exists once the build has ended
pylock.toml     what a build that succeeded has installed, or found installed (PEP 751)
lock            held by the worker while it lives, so that no process id is needed
output.html     what a render has written
cancel          exists once a user has cancelled the build: the user's name
ballast         disk space for the last lines of a build that has filled the disk
work/           the build's HOME and temporary files, while it runs
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

from ..errors import StateError
from ..file_io import open_regular, read_regular
from ..frozen import frozen
from ..json_values import parse_json
from ..removal import ASIDE, Remainder, remove_or_put_aside
from ..state import is_locked, write_whole
from .events import Phase, decode_event
from .model import Build, build_as_json, build_from_json

_TAIL = 64 * 1024
_LARGEST = 64 * 1024 * 1024


@frozen
class Record:
    """The record in one directory."""

    directory: Path

    @property
    def id(self) -> str:
        return self.directory.name

    @property
    def state_dir(self) -> Path:
        """The state directory that it is in; a record from elsewhere is in none."""
        return self.directory.parents[1]

    @property
    def log(self) -> Path:
        return self.directory / "log.txt"

    @property
    def events(self) -> Path:
        return self.directory / "events.jsonl"

    @property
    def pip_log(self) -> Path:
        return self.directory / "pip.log"

    @property
    def work(self) -> Path:
        return self.directory / "work"

    @property
    def lock(self) -> Path:
        return self.directory / "lock"

    @property
    def output(self) -> Path:
        """The document that a render has written; exists once it has."""
        return self.directory / "output.html"

    @property
    def cancellation(self) -> Path:
        return self.directory / "cancel"

    @property
    def is_begun(self) -> bool:
        """Whether it tells of a build yet."""
        return (self.directory / "build.json").exists()

    def read(self) -> Build:
        """Return what ``build.json`` says. Raises StateError where there is none or it is none."""
        path = self.directory / "build.json"
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
        return build_from_json(document, self.directory)

    def build(self) -> Build:
        """Return the build as it stands now, its phase included; nothing is written.

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
        write_whole(self.directory / "build.json", text.encode())

    def is_alive(self) -> bool:
        """Return whether a process works on it: the client that prepares it, or its worker."""
        return is_locked(self.lock)

    def last_phase(self) -> str | None:
        """Return the phase that began last, as the end of the events tells."""
        try:
            with open(open_regular(self.events), "rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - _TAIL))
                lines = file.read(_TAIL).splitlines()
        except OSError:
            return None
        for line in reversed(lines):
            if b'"phase"' in line and isinstance(event := decode_event(line), Phase):
                return event.name
        return None


def remove_work(record: Record) -> Remainder | None:
    """Remove the build's temporary files, or put them aside; return what is left of them."""
    return remove_or_put_aside(record.work, record.state_dir / ASIDE)
