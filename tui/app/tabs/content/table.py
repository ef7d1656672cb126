"""The rows of content: name, request, Python, last outcome, and what is out of date."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .....core.matching import NO_PYTHON
from ....terminal.display import Display
from ...widgets.durations import clock, seconds_of
from ...widgets.outcome_cell import outcome_cell
from ...widgets.table import Cell, Column, Row
from .run_paragraphs import starts_cell

if TYPE_CHECKING:
    from .....core.content import ContentStatus

COLUMNS = (
    Column("Content", middle=True, least=20),
    Column("Request", 14, keep=False),
    Column("Python", 8),
    Column("Last build", 13, field="outcome"),
    Column("Starts", 17, keep=False, fits=True, goes_last=True),
    Column("Today", 13),
    Column("Updated", 16, keep=False, fits=True),
)


def rows_of(content: Iterable[ContentStatus], display: Display, now: float) -> list[Row]:
    """Return one row each. now: seconds since 1970."""
    return [_row(each, display, now) for each in content]


def _row(each: ContentStatus, display: Display, now: float) -> Row:
    content = each.content
    missing = Cell("-", "muted") if content.request == NO_PYTHON else Cell("none", "bad")
    return Row(
        content.name,
        (
            Cell(display.line(content.name)),
            Cell(display.line(content.request)),
            Cell(display.line(content.python.version), "strong") if content.python else missing,
            outcome_cell(content.outcome, display),
            starts_cell(each, display),
            _today(each, display),
            Cell(clock(content.updated, now), "muted", seconds_of(content.updated)),
        ),
    )


def _today(each: ContentStatus, display: Display) -> Cell:
    """Return the most serious difference from when it was built; the detail lists all."""
    if each.need is not None:
        return Cell(f"{display.bad} {each.need.urgency.word}", "bad")
    if each.changes:
        return Cell(f"{display.doubtful} settings", "doubtful")
    if each.content.put_back is not None:
        return Cell(f"{display.doubtful} rolled back", "doubtful")
    if each.new_deploy is not None:
        return Cell(f"{display.doubtful} another", "doubtful")
    if each.content.environment is None and each.content.outcome != "succeeded":
        return Cell("-", "muted")  # it was never built; otherwise it uses its Python's packages
    return Cell("same", "muted")
