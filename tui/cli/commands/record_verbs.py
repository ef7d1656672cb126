"""The verbs that `pysteward builds` and `pysteward runs` have in common: both are records."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ....core.builds import Build, Record, cancel_record, current_build, export, follow
from ....core.server import Server
from ....core.users import user_name
from ... import messages
from ...messages import ExitCode
from ...output import Output
from ..build_watch import show_outcome, status_of
from . import Verb, add_json


class RecordNoun(NamedTuple):
    """A noun whose things are records.

    word: what one is called. find: its record, by its id or by a beginning that only one has.
    """

    word: str
    find: Callable[[Path, str], Record]

    def record(self, arguments: argparse.Namespace, server: Server) -> Record:
        """Return the record that the command line names. Raises StateError."""
        return self.find(server.state_dir, arguments.record)

    def build(self, arguments: argparse.Namespace, server: Server) -> Build:
        """Return it as it stands now. Raises StateError."""
        return current_build(server.state_dir, self.record(arguments, server))

    def add_name(self, parser: argparse.ArgumentParser) -> None:
        """Add the argument that names one."""
        parser.add_argument(
            "record", metavar=self.word.upper(), help=f"{self.word} id, or a unique prefix of it"
        )

    def add_name_and_json(self, parser: argparse.ArgumentParser) -> None:
        self.add_name(parser)
        add_json(parser)

    def add_log_options(self, parser: argparse.ArgumentParser) -> None:
        self.add_name(parser)
        parser.add_argument(
            "--follow", action="store_true", help=f"keep printing until the {self.word} ends"
        )

    def add_export_options(self, parser: argparse.ArgumentParser) -> None:
        self.add_name(parser)
        parser.add_argument(
            "file",
            metavar="FILE",
            help=f"output file, or a directory for {self.word.upper()}.tar.gz",
        )
        add_json(parser)

    def show_log(self, arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
        from ....core.builds import LogLines

        record = self.record(arguments, server)
        for event in follow(record, wait=arguments.follow):
            if isinstance(event, LogLines):
                out.line("\n".join(event.lines))
        return status_of(current_build(server.state_dir, record))

    def cancel(self, arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
        record = self.record(arguments, server)
        was_running = cancel_record(record, user_name())
        if was_running:
            for _ in follow(record, log=False):
                pass
        else:
            messages.note(f"{self.word} {record.id} has already ended")
        build = current_build(server.state_dir, record)
        show_outcome(build, out)
        return ExitCode.YES if was_running and build.outcome == "cancelled" else ExitCode.NO

    def export(self, arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
        record = self.record(arguments, server)
        file = export(record, Path(arguments.file))
        if out.as_json:
            out.document({"build": record.id, "file": str(file)})
        else:
            out.line(str(file))
        return ExitCode.YES

    def tell_removed(self, record: Record, out: Output) -> ExitCode:
        """Say that a record is removed."""
        if out.as_json:
            out.document({"removed": record.id})
        else:
            out.line(f"removed {self.word} {record.id}")
        return ExitCode.YES

    @property
    def cancel_verb(self) -> Verb:
        return Verb(
            "cancel",
            f"cancel a {self.word} and stop its processes",
            self.add_name_and_json,
            self.cancel,
            f"{self.word}s cancel 20260114",
        )

    @property
    def export_verb(self) -> Verb:
        return Verb(
            "export",
            f"export a {self.word}'s record to a file",
            self.add_export_options,
            self.export,
            f"{self.word}s export 20260114 record.tar.gz",
        )
