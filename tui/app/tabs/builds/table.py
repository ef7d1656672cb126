"""The rows of the builds: outcome, content, Python, what is going on, how long, when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ....terminal.display import Display
from ...widgets.durations import clock, seconds_between, span
from ...widgets.table import Cell, Column, Row

if TYPE_CHECKING:
    from ....services.content import BuildEntry, Progress

COLUMNS = (
    Column("Outcome", 13),
    Column("Content", middle=True),
    Column("Python", 8, keep=False),
    Column("Doing", 26),
    Column("Took", 5),
    Column("Started", 16, keep=False),
)


def rows_of(entries: Iterable[BuildEntry], looks: Display, now: float) -> list[Row]:
    """One row each. now: seconds since 1970."""
    return [_row(entry, looks, now) for entry in entries]


def outcome_cell(outcome: str, looks: Display) -> Cell:
    """The sign and the word for an outcome."""
    if outcome == "succeeded":
        return Cell(f"{looks.good} succeeded", "good")
    if outcome == "failed":
        return Cell(f"{looks.bad} failed", "bad")
    if outcome == "running":
        return Cell(f"{looks.chosen} running", "strong")
    return Cell(f"{looks.doubtful} {looks.line(outcome)}", "doubtful")


def doing(progress: Progress, looks: Display) -> str:
    """What a build does now."""
    if progress.waits_for is not None:
        return looks.line(f"waits for {progress.waits_for}")
    what = progress.package or progress.detail or ""
    if progress.phase == "build" and what == progress.detail and " " in what and progress.found:
        what = f"{progress.found}, {what}"  # a step of pip's, which names no package
    # "installing numpy" says the phase, too.
    parts = ("" if what.startswith(progress.phase) else progress.phase, what)
    return looks.line(": ".join(part for part in parts if part))


def _row(entry: BuildEntry, looks: Display, now: float) -> Row:
    row = entry.row
    if entry.progress is not None:
        state = Cell(doing(entry.progress, looks))
    else:
        state = Cell("cached" if row.reused else "-", "muted")
    took = span(seconds_between(row.started, row.finished, now))
    return Row(
        row.id,
        (
            outcome_cell(row.outcome, looks),
            Cell(looks.line(row.content)),
            Cell(looks.line(row.python)) if row.python else Cell("-", "muted"),
            state,
            Cell(f"{took:>5}"),
            Cell(clock(row.started, now), "muted"),
        ),
    )
