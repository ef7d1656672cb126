"""`pysteward runs`: list and manage the runs of content: start checks, renders."""

from __future__ import annotations

import argparse

from ....core.builds import build_as_json, find_run, list_runs, remove_run
from ....core.server import Server
from ....core.state import RunRow
from ... import messages
from ...messages import ExitCode
from ...output import Output
from ..build_watch import show_outcome, status_of
from . import Verb, add_json
from .record_verbs import RecordNoun

_RUN = RecordNoun("run", find_run)


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
    build = _RUN.build(arguments, server)
    if out.as_json:
        out.document(build_as_json(build))
        return status_of(build)
    status = show_outcome(build, out)
    out.line(f"  asked        {build.asked.kind} by {build.asked.by}")
    out.line(f"  started      {build.started}")
    out.line(f"  finished     {build.finished or '-'}")
    return status


def _remove(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    record = _RUN.record(arguments, server)
    remove_run(server.state_dir, record.id)
    return _RUN.tell_removed(record, out)


def _configure_list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--content", metavar="NAME", help="only runs of this content")
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
        _RUN.add_name_and_json,
        _show,
        "runs show 20260114",
    ),
    Verb(
        "log",
        "print a run's log",
        _RUN.add_log_options,
        _RUN.show_log,
        "runs log 20260114 --follow",
    ),
    _RUN.cancel_verb,
    _RUN.export_verb,
    Verb(
        "remove",
        "delete a run's record",
        _RUN.add_name_and_json,
        _remove,
        "runs remove 20260114",
    ),
)
