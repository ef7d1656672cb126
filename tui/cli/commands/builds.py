"""`pysteward builds`: list and manage the builds of a state directory."""

from __future__ import annotations

import argparse

from ....core.builds import build_as_json, find, list_builds, remove_build
from ....core.content import retry
from ....core.errors import StateError
from ....core.server import Server
from ....core.state import BuildRow
from ... import messages
from ...messages import ExitCode
from ...output import Output
from ..build_watch import ignore_hangup, show_outcome, status_of, watch
from ..server_option import add_server
from . import Verb, add_detach, add_json
from .record_verbs import RecordNoun

_BUILD = RecordNoun("build", find)


def row_as_json(row: BuildRow) -> dict[str, object]:
    """Return a row of the list as JSON, with the field names of `builds show`."""
    return {
        "id": row.id,
        "build": row.id,
        "content": row.content,
        "outcome": row.outcome,
        "reused": row.reused,
        "python": row.python
        and {"version": row.python, "executable": row.executable, "rule": row.rule},
        "environment": row.environment_path
        and {"id": row.environment, "path": row.environment_path},
        "started": row.started,
        "finished": row.finished,
    }


def _list(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    if arguments.server is not None:
        from ..server_tables import show_builds
        from ..servers_asked import ask_servers

        only = [] if arguments.content is None else [f"--content={arguments.content}"]
        return show_builds(ask_servers(arguments, server, ["builds", "list", *only]), out)
    rows = list_builds(server.state_dir, content=arguments.content)
    phases = [_phase(server, row) for row in rows]
    if out.as_json:
        out.document(
            {
                "builds": [
                    row_as_json(row) | {"phase": phase}
                    for row, phase in zip(rows, phases, strict=True)
                ]
            }
        )
    elif not rows:
        messages.note(f"no builds in {server.state_dir}")
    else:
        out.table(
            ("BUILD", "OUTCOME", "PYTHON", "STARTED", "CONTENT"),
            [
                (
                    row.id,
                    f"running ({phase})" if phase and row.outcome == "running" else _outcome(row),
                    row.python or "-",
                    f"{row.started[:19]}Z",
                    row.content,
                )
                for row, phase in zip(rows, phases, strict=True)
            ],
        )
    return ExitCode.YES


def _show(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    build = _BUILD.build(arguments, server)
    if out.as_json:
        out.document(build_as_json(build))
        return status_of(build)
    status = show_outcome(build, out)
    out.line(f"  asked        {build.asked.kind} of {build.asked.bundle} by {build.asked.by}")
    matching = f" (matching {build.asked.matching})" if build.asked.matching else ""
    out.line(f"  request      {build.asked.request}{matching}")
    out.line(f"  reason       {build.reason}")
    for line in build.considered:
        out.line(f"    {line.version or '?':<9} {line.verdict:<8} {line.why}  {line.executable}")
    for notice in build.notices:
        out.line(f"  notice       {notice}")
    out.line(f"  started      {build.started}")
    out.line(f"  finished     {build.finished or '-'}")
    return status


def _log(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    if arguments.server is not None:
        from ..servers_asked import refuse, show_text

        refuse(arguments, "follow")
        return show_text(arguments, server, ["builds", "log", arguments.record], out)
    return _BUILD.show_log(arguments, server, out)


def _retry(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    with ignore_hangup():
        build = retry(server, arguments.record)
    if arguments.detach:
        return show_outcome(build, out)
    return watch(server.state_dir, build, out)


def _remove(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    record = _BUILD.record(arguments, server)
    remove_build(server.state_dir, record.id, force=arguments.force)
    return _BUILD.tell_removed(record, out)


def _phase(server: Server, row: BuildRow) -> str | None:
    """Return the phase of a build; the record of a successful one need not be read."""
    if row.outcome == "succeeded":
        return "done"
    try:
        return find(server.state_dir, row.id).build().phase
    except StateError:  # another process has removed its record
        return None


def _outcome(row: BuildRow) -> str:
    return "succeeded (cached)" if row.outcome == "succeeded" and row.reused else row.outcome


def _configure_list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--content", metavar="NAME", help="only builds of this content")
    add_server(parser)
    add_json(parser)


def _configure_log(parser: argparse.ArgumentParser) -> None:
    _BUILD.add_log_options(parser)
    add_server(parser)


def _configure_retry(parser: argparse.ArgumentParser) -> None:
    _BUILD.add_name(parser)
    add_detach(parser)
    add_json(parser)


def _configure_remove(parser: argparse.ArgumentParser) -> None:
    _BUILD.add_name(parser)
    parser.add_argument("--force", action="store_true", help="also a build that content needs")
    add_json(parser)


VERBS = (
    Verb(
        "list",
        "list builds, running first, then newest",
        _configure_list,
        _list,
        "builds list --content sales-report",
    ),
    Verb(
        "show",
        "show a build: request, decision, outcome",
        _BUILD.add_name_and_json,
        _show,
        "builds show 20260114",
    ),
    Verb("log", "print a build's log", _configure_log, _log, "builds log 20260114 --follow"),
    _BUILD.cancel_verb,
    Verb(
        "retry",
        "run the same build again",
        _configure_retry,
        _retry,
        "builds retry 20260114 --detach",
    ),
    _BUILD.export_verb,
    Verb(
        "remove",
        "delete a build's record",
        _configure_remove,
        _remove,
        "builds remove 20260114",
    ),
)
