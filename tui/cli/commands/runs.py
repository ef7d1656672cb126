"""`pysteward runs`: list and manage the runs of content: start checks, renders."""

from __future__ import annotations

import argparse
from pathlib import Path

from ....core.builds import (
    Record,
    build_as_json,
    cancel_record,
    current_build,
    export,
    find_run,
    follow,
    list_runs,
    remove_run,
)
from ....core.server import Server
from ....core.state import RunRow
from ....core.users import user_name
from ... import messages
from ...messages import ExitCode
from ...output import Output
from ..build_watch import show_outcome, status_of
from . import Verb, add_json


def run_as_json(row: RunRow) -> dict[str, object]:
    """Return a row of the list as JSON, with the field names of `runs show`."""
    return {
        "id": row.id,
        "build": row.id,
        "content": row.content,
        "kind": row.kind,
        "outcome": row.outcome,
        "starts": row.starts,
        "environment": row.environment,
        "started": row.started,
        "finished": row.finished,
    }


def _list(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    rows = list_runs(server.state_dir, content=arguments.content)
    if out.as_json:
        out.document({"runs": [run_as_json(row) for row in rows]})
    elif not rows:
        messages.note(f"no runs in {server.state_dir}")
    else:
        out.table(
            ("RUN", "KIND", "OUTCOME", "STARTS", "STARTED", "CONTENT"),
            [
                (
                    row.id,
                    row.kind,
                    row.outcome,
                    row.starts or "-",
                    f"{row.started[:19]}Z",
                    row.content,
                )
                for row in rows
            ],
        )
    return ExitCode.YES


def _show(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    build = current_build(server.state_dir, _record(arguments, server))
    if out.as_json:
        out.document(build_as_json(build))
        return status_of(build)
    status = show_outcome(build, out)
    out.line(f"  asked        {build.asked.kind} by {build.asked.by}")
    out.line(f"  started      {build.started}")
    out.line(f"  finished     {build.finished or '-'}")
    return status


def _log(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    from ....core.builds import LogLines

    record = _record(arguments, server)
    for event in follow(record, wait=arguments.follow):
        if isinstance(event, LogLines):
            out.line("\n".join(event.lines))
    return status_of(current_build(server.state_dir, record))


def _cancel(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    record = _record(arguments, server)
    was_running = cancel_record(record, user_name())
    if not was_running:
        messages.note(f"run {record.id} has already ended")
    for _ in follow(record, log=False):
        pass
    build = current_build(server.state_dir, record)
    show_outcome(build, out)
    return ExitCode.YES if was_running and build.outcome == "cancelled" else ExitCode.NO


def _export(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    record = _record(arguments, server)
    file = export(record, Path(arguments.file))
    if out.as_json:
        out.document({"build": record.id, "file": str(file)})
    else:
        out.line(str(file))
    return ExitCode.YES


def _remove(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    record = _record(arguments, server)
    remove_run(server.state_dir, record.id)
    if out.as_json:
        out.document({"removed": record.id})
    else:
        out.line(f"removed run {record.id}")
    return ExitCode.YES


def _record(arguments: argparse.Namespace, server: Server) -> Record:
    return find_run(server.state_dir, arguments.run_id)


def _configure_list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--content", metavar="NAME", help="only runs of this content")
    add_json(parser)


def _configure_one(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_id", metavar="RUN", help="run id, or a unique prefix of it")


def _configure_one_with_json(parser: argparse.ArgumentParser) -> None:
    _configure_one(parser)
    add_json(parser)


def _configure_log(parser: argparse.ArgumentParser) -> None:
    _configure_one(parser)
    parser.add_argument("--follow", action="store_true", help="keep printing until the run ends")


def _configure_export(parser: argparse.ArgumentParser) -> None:
    _configure_one(parser)
    parser.add_argument("file", metavar="FILE", help="output file, or a directory for RUN.tar.gz")
    add_json(parser)


VERBS = (
    Verb(
        "list",
        "list runs, running first, then newest",
        _configure_list,
        _list,
        "runs list --content sales-report",
    ),
    Verb(
        "show",
        "show a run: whether content starts, and why not",
        _configure_one_with_json,
        _show,
        "runs show 20260114",
    ),
    Verb("log", "print a run's log", _configure_log, _log, "runs log 20260114 --follow"),
    Verb(
        "cancel",
        "cancel a run and stop its processes",
        _configure_one_with_json,
        _cancel,
        "runs cancel 20260114",
    ),
    Verb(
        "export",
        "export a run's record to a file",
        _configure_export,
        _export,
        "runs export 20260114 record.tar.gz",
    ),
    Verb(
        "remove",
        "delete a run's record",
        _configure_one_with_json,
        _remove,
        "runs remove 20260114",
    ),
)
