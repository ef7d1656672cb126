"""The builds of a plan in time, parallel ones below each other: a Gantt chart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from .....core.upgrades import PlanStep, StepState
from ....terminal.display import Display
from ...widgets.durations import seconds_of, span
from ...widgets.table import Cell, Column, Row
from .plan_table import state_cell

if TYPE_CHECKING:
    from .....core.builds import BuildEntry

Times = Mapping[str, "tuple[float, float | None]"]
"""When a build began and ended, seconds since 1970, by its id; None while it runs."""

_NAME = 20
_OTHERS = 11 + _NAME + 6 + 10  # columns of the others, and what lies between
_LEAST = 10
_ROLES = {StepState.DONE: "good", StepState.FAILED: "bad", StepState.BUILDING: "strong"}


def times_of(entries: Iterable[BuildEntry], steps: Iterable[PlanStep]) -> Times:
    """Return when the builds of a plan ran."""
    wanted = {step.build for step in steps if step.build is not None}
    return {
        entry.row.id: (
            seconds_of(entry.row.started),
            seconds_of(entry.row.finished) if entry.row.finished else None,
        )
        for entry in entries
        if entry.row.id in wanted
    }


def width_of(table_width: int) -> int:
    """Return the width of the chart in a table of that width."""
    return max(table_width - _OTHERS, _LEAST)


def columns_of(times: Times, now: float, width: int) -> tuple[Column, ...]:
    """Return the columns; the head of the chart says how long all of it is."""
    first, last = _ends(times, now)
    whole = span(last - first)
    scale = f"0s{whole:>{max(width - 2, 0)}}" if times else "no build has begun"
    return (
        Column("State", 11),
        Column("Content", _NAME, middle=True),
        Column(scale, width),
        Column("Took", 6),
    )


def time_rows(
    steps: Iterable[PlanStep], times: Times, now: float, display: Display, width: int
) -> list[Row]:
    """Return one row each, in the order in which they are built; keys are names."""
    return [
        Row(
            step.content,
            (
                state_cell(step, display),
                Cell(display.line(step.content, 200)),
                *_chart(step, times, now, display, width),
            ),
        )
        for step in steps
    ]


def _ends(times: Times, now: float) -> tuple[float, float]:
    if not times:
        return now, now
    first = min(start for start, _ in times.values())
    return first, max(now if end is None else end for _, end in times.values())


def _chart(
    step: PlanStep, times: Times, now: float, display: Display, width: int
) -> tuple[Cell, Cell]:
    """Return the bar of a build at its place, and how long it took."""
    found = times.get(step.build or "")
    if found is None:
        return Cell("", "muted"), Cell("-", "muted")
    first, last = _ends(times, now)
    start, end = found
    until = now if end is None else end
    scale = (width - 1) / max(last - first, 1)
    left = round((start - first) * scale)
    bar = display.bar * max(round((until - first) * scale) - left, 0)
    head = display.chosen if end is None else display.bar
    took = until - start
    role = _ROLES.get(step.state, "")
    return Cell(f"{' ' * left}{bar}{head}", role, start), Cell(f"{span(took):>6}", "", took)
