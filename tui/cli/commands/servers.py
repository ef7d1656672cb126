"""`pysteward servers`: all servers that ssh leads to, a row each."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from ....core.json_values import as_json
from ....core.server import Server
from ... import messages
from ...messages import ExitCode
from ...output import Output
from . import Verb, add_json

if TYPE_CHECKING:
    from ....core.remotes.ssh import ServerRow
    from ....core.services import ServerOverview

_HEADER = ("SERVER", "STATE", "PYSTEWARD", "USABLE", "ENDED", "POLICY", "CONTENT", "BUILDS", "DISK")


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--server", metavar="NAME", default="all", help="only this server (default: all)"
    )
    parser.add_argument(
        "--servers", metavar="FILE", help="TOML file with [servers.NAME] (default: the settings)"
    )
    parser.add_argument(
        "--timeout",
        type=float,
        metavar="SECONDS",
        help="for a complete answer (default: server-timeout, 10)",
    )
    parser.add_argument("--this", action="store_true", help="describe this server alone")
    add_json(parser)


def _run(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """Ask every server; NO when one could not be reached."""
    if arguments.this:
        return _show_this(server, out)
    from ....core.remotes.ssh import Connections, Memory, drift_of, survey_servers
    from ..servers_asked import deadline_of, servers_of

    servers = servers_of(arguments, server, arguments.server)
    seconds = deadline_of(arguments, server)
    found: dict[str, ServerRow] = {}
    with Connections() as connections:
        for row in survey_servers(servers, connections, Memory(), seconds):
            found[row.server.name] = row
            if row.problem is not None and out.as_json:
                messages.warn(row.problem.message)
    rows = [found[one.name] for one in servers]
    drift = drift_of({row.server.name: row.overview for row in rows if row.overview is not None})
    if out.as_json:
        out.document({"servers": [_document(row, drift.get(row.server.name, ())) for row in rows]})
    else:
        _show(rows, drift, out)
    return ExitCode.YES if all(row.is_now for row in rows) else ExitCode.NO


def _show_this(server: Server, out: Output) -> ExitCode:
    """Describe this machine: what other servers ask it for."""
    from ....core.services import overview_of

    overview = overview_of(server)
    if out.as_json:
        out.document(as_json(overview))
        return ExitCode.YES
    cells = overview_cells(overview)
    out.table(_HEADER[2:], [cells])
    out.line(_where(overview))
    return ExitCode.YES


def _document(row: ServerRow, drift: tuple[str, ...]) -> dict[str, object]:
    from ..servers_asked import problem_document

    overview = row.overview
    return {
        "server": row.server.name,
        "host": row.server.host,
        "reached": row.is_now,
        "error": problem_document(row.problem),
        "answered": None if row.at is None else _moment(row.at),
        "usable": None if overview is None else overview.usable,
        "unusable": None if overview is None else len(overview.pythons) - overview.usable,
        "past_end_of_life": None if overview is None else overview.past_end,
        "drift": list(drift),
        "overview": None if overview is None else as_json(overview),
    }


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _show(rows: list[ServerRow], drift: dict[str, tuple[str, ...]], out: Output) -> None:
    table = [
        (
            row.server.name,
            state_words(row),
            *(overview_cells(row.overview) if row.overview is not None else ("-",) * 7),
        )
        for row in rows
    ]
    out.table(_HEADER, table)
    for row in rows:
        out.line()
        out.line(row.server.name)
        if row.problem is not None:
            out.line(f"  error    {row.problem.message}")
        if row.overview is not None:
            out.line(f"  {_where(row.overview)}")
        for sentence in drift.get(row.server.name, ()):
            out.line(f"  differs  {sentence}")


def state_words(row: ServerRow) -> str:
    """Return how a server answered: ``ok``, or why not and how old the answer is that is shown."""
    if row.is_now:
        return "ok"
    if row.at is None:
        return "no answer"
    return f"no answer, {_age(time.time() - row.at)} old"


def _age(seconds: float) -> str:
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"


def overview_cells(overview: ServerOverview) -> tuple[str, ...]:
    """Return the cells from the version to the disk."""
    builds = "-"
    if overview.running is not None:
        builds = f"{overview.running} running, {overview.failed} failed"
    disk = "-" if overview.disk is None else f"{overview.disk / 1_000_000:,.0f} MB"
    return (
        overview.version or "none",
        f"{overview.usable} of {len(overview.pythons)}",
        str(overview.past_end),
        overview.matching or "-",
        "-" if overview.content is None else f"{overview.content:,}",
        builds,
        disk,
    )


def _where(overview: ServerOverview) -> str:
    """Return who answered, from which directory: another user has other content."""
    if overview.version is None:
        found = ", ".join(str(python.version or "?") for python in overview.pythons)
        return f"pysteward is not installed there; Python {found or 'not found'}"
    if not overview.user:
        return f"its pysteward is of an earlier release; settings {overview.config or 'none'}"
    where = f"in {overview.state_dir}" if overview.state_dir else "who has no state directory yet"
    return f"answered by {overview.user}, {where}; settings {overview.config or 'none'}"


VERBS = (
    Verb(
        "",
        "show all servers that ssh leads to, and in what they differ",
        _configure,
        _run,
        "servers --servers servers.toml",
    ),
)
