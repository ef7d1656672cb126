"""The rows of the environments: size as a bar, Python, packages, users, last use."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ....terminal.build_strip import size_text
from ....terminal.display import Display
from ...widgets.durations import clock
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
    Column("Last used", 16, keep=False),
    Column("Environment", 22, keep=False),
)
_BAR = 8
_BAD_STATES = ("missing", "incomplete")


def rows_of(
    environments: Iterable[Environment],
    sizes: Mapping[Path, int],
    verified: Mapping[str, Verified],
    marked: Container[str | None],
    display: Display,
    now: float,
) -> list[Row]:
    """Return one row each. sizes: as far as they are known. now: seconds since 1970."""
    largest = max(sizes.values(), default=0)
    return [
        Row(
            each.identity,
            (
                _users(each, each.identity in marked, display),
                _size(sizes.get(each.path), largest, display),
                Cell(display.line(each.python), "strong"),
                _packages(each),
                state_cell(each, verified.get(each.identity), display),
                Cell(clock(each.last_used, now) if each.last_used else "-", "muted"),
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


def _users(each: Environment, is_marked: bool, display: Display) -> Cell:
    sign = f"{display.on} " if is_marked else ""
    if each.used_by:
        return Cell(display.line(sign + ", ".join(each.used_by)))
    if each.previous_of:
        return Cell(display.line(f"{sign}rollback of {', '.join(each.previous_of)}"), "muted")
    return Cell(f"{sign}no content", "doubtful")


def _size(size: int | None, largest: int, display: Display) -> Cell:
    if size is None:
        return Cell("", "muted")
    return Cell(f"{display.gauge(size / largest if largest else 0, _BAR)} {size_text(size):>8}")


def _packages(each: Environment) -> Cell:
    return Cell(f"{len(each.marker.packages):>8}" if each.marker is not None else f"{'-':>8}")
