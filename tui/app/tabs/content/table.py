"""The rows of content: name, request, Python, last outcome, and what is otherwise today."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ....terminal.display import Display
from ...widgets.durations import clock
from ...widgets.table import Cell, Column, Row
from ..builds.table import outcome_cell

if TYPE_CHECKING:
    from ....services.content import ContentStatus

COLUMNS = (
    Column("Content", middle=True, least=20),
    Column("Request", 14, keep=False),
    Column("Python", 8),
    Column("Last build", 13),
    Column("Today", 10),
    Column("Updated", 16, keep=False),
)


def rows_of(content: Iterable[ContentStatus], looks: Display, now: float) -> list[Row]:
    """One row each. now: seconds since 1970."""
    return [_row(each, looks, now) for each in content]


def _row(each: ContentStatus, looks: Display, now: float) -> Row:
    content = each.content
    missing = Cell("none", "bad")
    return Row(
        content.name,
        (
            Cell(looks.line(content.name)),
            Cell(looks.line(content.request)),
            Cell(looks.line(content.python.version), "strong") if content.python else missing,
            outcome_cell(content.outcome, looks),
            _today(each, looks),
            Cell(clock(content.updated, now), "muted"),
        ),
    )


def _today(each: ContentStatus, looks: Display) -> Cell:
    """The gravest of what is otherwise than when it was built; the detail says all."""
    if each.need is not None:
        return Cell(f"{looks.bad} {each.need.urgency.word}", "bad")
    if each.changes:
        return Cell(f"{looks.doubtful} settings", "doubtful")
    if each.content.put_back is not None:
        return Cell(f"{looks.doubtful} put back", "doubtful")
    if each.otherwise is not None:
        return Cell(f"{looks.doubtful} another", "doubtful")
    return Cell("same", "muted")
