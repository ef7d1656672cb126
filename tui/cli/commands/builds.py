"""`pysteward builds`: the builds of this state directory, and what can be done with them."""

from __future__ import annotations

import argparse
from pathlib import Path

from ....core.builds import (
    as_json,
    cancel,
    export,
    find,
    follow,
    list_builds,
    remove_build,
    show,
)
from ....core.content import retry
from ....core.errors import StateError
from ....core.state import BuildRow
from ....core.users import user_name
from ... import messages
from ...app.context import Context
from ...messages import ExitCode
from ...output import Output
from ..build_watch import (
    ignore_hangup,
    show_outcome,
    site,
    watch,
)


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")
    listing = actions.add_parser("list", help="running ones first, then the newest first")
    listing.add_argument("--content", metavar="NAME", help="only those of one piece of content")
    one = actions.add_parser("show", help="one build: what was asked, considered, the outcome")
    log = actions.add_parser("log", help="print a build's log")
    log.add_argument("--follow", action="store_true", help="go on until the build ends")
    cancelling = actions.add_parser("cancel", help="end a build with all its processes")
    again = actions.add_parser("retry", help="build the same once more")
    again.add_argument("--detach", action="store_true", help="return at once")
    exporting = actions.add_parser("export", help="write a build's record into one file")
    removing = actions.add_parser("remove", help="remove a build's record")
    for action in (one, log, cancelling, again, exporting, removing):
        action.add_argument("build", metavar="BUILD", help="its id, or how it begins")
    exporting.add_argument("file", metavar="FILE", help="the file, or a folder for BUILD.tar.gz")
    for action in (parser, listing, one, cancelling, again, exporting, removing):
        default = False if action is parser else argparse.SUPPRESS
        action.add_argument(
            "--json", action="store_true", default=default, help="one JSON document"
        )


def run(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    return _ACTIONS[arguments.action or "list"](arguments, context, out)


def row_as_json(row: BuildRow) -> dict[str, object]:
    """A build in a list, with the names of `builds show`."""
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


def _list(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    rows = list_builds(context.state_dir, content=getattr(arguments, "content", None))
    phases = [_phase(context, row) for row in rows]
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
        messages.note(f"no builds in {context.state_dir}")
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


def _show(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    build = show(context.state_dir, arguments.build)
    if out.as_json:
        out.document(as_json(build))
        return ExitCode.YES if build.outcome in ("succeeded", "running") else ExitCode.NO
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


def _log(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    from ....core.builds import LogLines

    record = find(context.state_dir, arguments.build)
    build = show(context.state_dir, record.id)
    for event in follow(record, wait=arguments.follow):
        if isinstance(event, LogLines):
            out.line("\n".join(event.lines))
    if arguments.follow:
        build = show(context.state_dir, record.id)
    return ExitCode.YES if build.outcome in ("succeeded", "running") else ExitCode.NO


def _cancel(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    record = find(context.state_dir, arguments.build)
    if not cancel(context.state_dir, record.id, user_name()):
        messages.note(f"build {record.id} has ended already")
        show_outcome(show(context.state_dir, record.id), out)
        return ExitCode.NO
    for _ in follow(record, log=False):
        pass
    build = show(context.state_dir, record.id)
    show_outcome(build, out)
    return ExitCode.YES if build.outcome == "cancelled" else ExitCode.NO


def _retry(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    with ignore_hangup():
        build = retry(site(context), arguments.build)
    if arguments.detach:
        return show_outcome(build, out)
    return watch(context.state_dir, build, out)


def _export(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    file = export(find(context.state_dir, arguments.build), Path(arguments.file))
    if out.as_json:
        out.document({"build": arguments.build, "file": str(file)})
    else:
        out.line(str(file))
    return ExitCode.YES


def _remove(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    record = find(context.state_dir, arguments.build)
    remove_build(context.state_dir, record.id)
    if out.as_json:
        out.document({"removed": record.id})
    else:
        out.line(f"removed build {record.id}")
    return ExitCode.YES


def _phase(context: Context, row: BuildRow) -> str | None:
    """The phase of a build: those that have succeeded are done, the others' records tell."""
    if row.outcome == "succeeded":
        return "done"
    try:
        return find(context.state_dir, row.id).build().phase
    except StateError:  # its record was removed meanwhile
        return None


def _outcome(row: BuildRow) -> str:
    return "succeeded (cached)" if row.outcome == "succeeded" and row.reused else row.outcome


_ACTIONS = {
    "list": _list,
    "show": _show,
    "log": _log,
    "cancel": _cancel,
    "retry": _retry,
    "export": _export,
    "remove": _remove,
}
