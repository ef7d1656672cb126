"""The rows of content: name, request, Python, last outcome, and what has changed since."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ...looks import Looks
from ..builds.moments import clock
from ..builds.table import outcome_cell
from ..rows import Cell, Column, Row

if TYPE_CHECKING:
    from ...workshop import Deployed

COLUMNS = (
    Column("Content", middle=True),
    Column("Request", 14),
    Column("Python", 8),
    Column("Last build", 13),
    Column("Settings", 9),
    Column("Updated", 16, keep=False),
)


def rows_of(content: Iterable[Deployed], looks: Looks, now: float) -> list[Row]:
    """One row each. now: seconds since 1970."""
    return [_row(each, looks, now) for each in content]


def _row(each: Deployed, looks: Looks, now: float) -> Row:
    content = each.content
    missing = Cell("none", "bad")
    return Row(
        content.name,
        (
            Cell(looks.line(content.name)),
            Cell(looks.line(content.request)),
            Cell(looks.line(content.python.version), "strong") if content.python else missing,
            outcome_cell(content.outcome, looks),
            Cell(f"{looks.doubtful} changed", "doubtful")
            if each.changes
            else Cell("same", "muted"),
            Cell(clock(content.updated, now), "muted"),
        ),
    )
