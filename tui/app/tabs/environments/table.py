"""The rows of the environments: size as a bar, Python, packages, users, last use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ....terminal.build_strip import size_text
from ....terminal.display import Display
from ...widgets.durations import clock, seconds_of
from ...widgets.table import Cell, Column, Row

if TYPE_CHECKING:
    from .....core.environments import Environment
    from .....core.services import Verified

COLUMNS = (
    Column("Used by", least=16),
    Column("Size", 17),
    Column("Python", 8),
    Column("Packages", 8),
    Column("State", 13),
    Column("Last used", 16, keep=False, fits=True),
    Column("Environment", 22, keep=False),
)
_BAR = 8
_BAD_STATES = ("missing", "incomplete")


def rows_of(
    environments: Iterable[Environment],
    sizes: Mapping[Path, int],
    verified: Mapping[str, Verified],
    display: Display,
    now: float,
) -> list[Row]:
    """Return one row each. sizes: as far as they are known. now: seconds since 1970."""
    largest = max(sizes.values(), default=0)
    return [
        Row(
            each.identity,
            (
                _users(each, display),
                _size(sizes.get(each.path), largest, display),
                Cell(display.line(each.python), "strong"),
                _packages(each),
                state_cell(each, verified.get(each.identity), display),
                _last_used(each, now),
                Cell(display.line(each.identity), "muted"),
            ),
        )
        for each in environments
    ]


def state_cell(each: Environment, verified: Verified | None, display: Display) -> Cell:
    """Return what is known of its state, the sign with a word."""
    if each.state in _BAD_STATES:
        return Cell(f"{display.bad} {each.state}", "bad")
    if each.state == "building":
        return Cell(f"{display.chosen} building", "strong")
    if verified is None:
        return Cell("complete", "muted")
    if verified.defects:
        return Cell(f"{display.bad} damaged", "bad")
    return Cell(f"{display.good} verified", "good")


def _users(each: Environment, display: Display) -> Cell:
    if each.used_by:
        return Cell(display.line(", ".join(each.used_by)))
    if each.previous_of:
        return Cell(display.line(f"rollback of {', '.join(each.previous_of)}"), "muted")
    return Cell("no content", "doubtful")


def _size(size: int | None, largest: int, display: Display) -> Cell:
    if size is None:
        return Cell("", "muted")
    gauge = display.gauge(size / largest if largest else 0, _BAR)
    return Cell(f"{gauge} {size_text(size):>8}", order=size)


def _packages(each: Environment) -> Cell:
    if each.marker is None:
        return Cell(f"{'-':>8}", "muted")
    count = len(each.marker.packages)
    return Cell(f"{count:>8}", order=count)


def _last_used(each: Environment, now: float) -> Cell:
    if each.last_used is None:
        return Cell("-", "muted")
    return Cell(clock(each.last_used, now), "muted", seconds_of(each.last_used))
