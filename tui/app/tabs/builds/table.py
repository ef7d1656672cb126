"""The rows of the builds: outcome, content, Python, current step, duration, start."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ....terminal.display import Display
from ...widgets.durations import clock, seconds_between, seconds_of, span
from ...widgets.outcome_cell import outcome_cell
from ...widgets.table import Cell, Column, Row

if TYPE_CHECKING:
    from .....core.builds import BuildEntry, Progress

COLUMNS = (
    Column("Outcome", 13),
    Column("Content", middle=True),
    Column("Python", 8, keep=False),
    Column("Doing", 26, fits=True),
    Column("Took", 5),
    Column("Started", 16, keep=False, fits=True),
)


def rows_of(entries: Iterable[BuildEntry], display: Display, now: float) -> list[Row]:
    """Return one row each. now: seconds since 1970."""
    return [_row(entry, display, now) for entry in entries]


def doing(progress: Progress, display: Display) -> str:
    """Return the current step of a build."""
    if progress.waits_for is not None:
        return display.line(f"waits for {progress.waits_for}")
    detail = "" if progress.detail.startswith("/") else progress.detail
    what = progress.package or detail
    if progress.phase == "build" and what == progress.detail and " " in what and progress.found:
        what = f"{progress.found}, {what}"  # a step of pip, which names no package
    # "installing numpy" also says the phase.
    parts = ("" if what.startswith(progress.phase) else progress.phase, what)
    return display.line(": ".join(part for part in parts if part))


def _row(entry: BuildEntry, display: Display, now: float) -> Row:
    row = entry.row
    if entry.progress is not None:
        state = Cell(doing(entry.progress, display))
    else:
        state = Cell("cached" if row.reused else "-", "muted")
    took = seconds_between(row.started, row.finished, now)
    return Row(
        row.id,
        (
            outcome_cell(row.outcome, display),
            Cell(display.line(row.content)),
            Cell(display.line(row.python)) if row.python else Cell("-", "muted"),
            state,
            Cell(f"{span(took):>5}", order=took),
            Cell(clock(row.started, now), "muted", seconds_of(row.started)),
        ),
    )
