"""The rows of the servers, and what is known of one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from .....core.times import age_of
from ....terminal.display import Display
from ...widgets.paragraphs import Paragraph
from ...widgets.table import Cell, Column, Row

if TYPE_CHECKING:
    from .....core.remotes.ssh import ServerRow
    from .....core.services import ServerOverview

COLUMNS = (
    Column("Server", 16, fits=True),
    Column("State", 18, fits=True),
    Column("Usable", 8),
    Column("EOL", 3),
    Column("Policy", 11),
    Column("Content", 7),
    Column("Builds", 20, keep=False),
    Column("Disk", 9, keep=False),
    Column("Version", 8, keep=False),
    Column("Differs", least=9),
)
Drift = Mapping[str, tuple[str, ...]]
"""Sentences by the names of servers."""


def rows_of(
    known: Sequence[ServerRow], waiting: frozenset[str], drift: Drift, display: Display
) -> list[Row]:
    """Return one row each; keys are names. waiting: the servers that have not answered yet."""
    return [_row(row, row.server.name in waiting, drift, display) for row in known]


def _row(row: ServerRow, is_waiting: bool, drift: Drift, display: Display) -> Row:
    overview, name = row.overview, row.server.name
    differs = drift.get(name, ())
    return Row(
        name,
        (
            Cell(display.line(name), "strong"),
            _state(row, is_waiting, display),
            *(_cells(overview) if overview is not None else (Cell("-", "muted"),) * 7),
            Cell(display.line(differs[0], 200), "doubtful") if differs else Cell("-", "muted"),
        ),
    )


def _state(row: ServerRow, is_waiting: bool, display: Display) -> Cell:
    age = "" if row.at is None or row.is_now else f", {age_of(time.time() - row.at)} old"
    if is_waiting:
        return Cell(f"{display.unknown} asking{age}", "muted")
    if row.problem is not None:
        return Cell(f"{display.bad} no answer{age}", "bad")
    if not row.is_now:
        return Cell(f"{display.unknown} not asked{age}", "muted")
    return Cell(f"{display.good} ok", "good")


def _cells(overview: ServerOverview) -> tuple[Cell, ...]:
    total = len(overview.pythons)
    is_good = overview.usable == total > 0
    builds = "-"
    if overview.running is not None:
        builds = f"{overview.running} running, {overview.failed} failed"
    return (
        Cell(f"{overview.usable} of {total}", "good" if is_good else "doubtful"),
        Cell(str(overview.past_end), "doubtful" if overview.past_end else "muted"),
        Cell(overview.matching or "-"),
        Cell("-" if overview.content is None else f"{overview.content:,}"),
        Cell(builds, "bad" if overview.failed else ""),
        Cell("-" if overview.disk is None else f"{overview.disk / 1_000_000:,.0f} MB", "muted"),
        Cell(overview.version or "none", "muted"),
    )


def detail_of(row: ServerRow, differs: Sequence[str], display: Display) -> list[Paragraph]:
    """Return a server in words: who answered, why not, in what it differs, its Pythons."""
    return [Paragraph(content, hang=2) for content in _lines(row, differs, display)]


def _lines(row: ServerRow, differs: Sequence[str], display: Display) -> Iterator[Content]:
    def safe(text: str) -> str:
        return display.line(text, 500)

    server, overview = row.server, row.overview
    yield Content.assemble((safe(server.name), "bold"), (f"  ssh {safe(server.host)}", "$muted"))
    if row.problem is not None:
        yield Content.assemble((safe(row.problem.message), "$text-error"))
    if overview is None:
        return
    if row.at is not None and not row.is_now:
        yield Content(f"What follows is {age_of(time.time() - row.at)} old.")
    if overview.version is None:
        yield Content("pysteward is not installed there: only its Pythons are known.")
    elif overview.user:
        place = safe(overview.state_dir) if overview.state_dir else "no state directory yet"
        yield Content.assemble(("Answered by ", "$muted"), f"{safe(overview.user)}, {place}")
        yield Content.assemble(("Settings ", "$muted"), safe(overview.config or "none"))
    if overview.content is not None:
        disk = "" if overview.disk is None else f", {overview.disk / 1_000_000:,.0f} MB"
        yield Content(
            f"pysteward {safe(overview.version or '')}; content {overview.content:,}, of which "
            f"{overview.failed} failed to build last; builds running {overview.running}; "
            f"environments {overview.environments}{disk}"
        )
    for sentence in differs:
        yield Content.assemble((f"{display.doubtful} Differs: ", "$text-warning"), safe(sentence))
    for python in overview.pythons:
        sign = display.good if python.usable else display.bad
        problems = f"  {safe(', '.join(python.problems))}" if python.problems else ""
        yield Content.assemble(
            (f"{sign} {python.version or 'unknown'}", "bold"),
            f"  {safe(python.path)}",
            (problems, "$muted"),
        )
