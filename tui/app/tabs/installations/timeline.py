"""The installations as a picture: until when each gets security fixes, how much content it has."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ....terminal.display import Display
from ...widgets.table import Cell, Column, Row
from .table import verdict

if TYPE_CHECKING:
    from .....core.installations import Installation
    from ...session import Session

_BAR = 8
_CONTENT = _BAR + 6
_OTHERS = 10 + 9 + _CONTENT + 10  # columns of the others, and what lies between
_LEAST = 16


def width_of(table_width: int) -> int:
    """Return the width of the timeline in a table of that width."""
    return max(table_width - _OTHERS, _LEAST)


def columns_of(session: Session, width: int) -> tuple[Column, ...]:
    """Return the columns; the head of the timeline is its scale. width: of the timeline."""
    return (
        Column("Version", 9),
        Column(_scale(session, width), width),
        Column("Content", _CONTENT),
        Column("Verdict", 10, keep=False),
    )


def timeline_rows(session: Session, display: Display, width: int) -> list[Row]:
    """Return one row each, in the order of the settings; keys are positions."""
    most = max([session.used_by(each) for each in session.installations], default=0)
    return [
        Row(
            str(number),
            (
                Cell(str(each.version), "strong") if each.version else Cell("-", "muted"),
                _support(each, session, display, width),
                _content(session.used_by(each), most, display),
                verdict(each, display),
            ),
        )
        for number, each in enumerate(session.installations)
    ]


def _span(session: Session) -> tuple[int, int]:
    """Return the first and the last year of the scale, today's among them."""
    ends = [each.end_of_life.year for each in session.installations if each.end_of_life]
    years = [*ends, session.today.year]
    return min(years) - 1, max(years) + 1


def _column(day: date, session: Session, width: int) -> int:
    first, last = _span(session)
    whole = (date(last + 1, 1, 1) - date(first, 1, 1)).days
    return round((day - date(first, 1, 1)).days / whole * (width - 1))


def _scale(session: Session, width: int) -> str:
    """Return some years, each where it begins; a year has five columns."""
    first, last = _span(session)
    text = ""
    for year in range(first, last + 1):
        column = _column(date(year, 1, 1), session, width)
        if column >= len(text) + (1 if text else 0) and column + 4 <= width:
            text = f"{text:<{column}}{year}"
    return text


def _support(each: Installation, session: Session, display: Display, width: int) -> Cell:
    """A bar up to the end of life, and the line of today."""
    end = each.end_of_life
    today = _column(session.today, session, width)
    cells = [" "] * width
    if end is None:
        cells[today] = display.upright
        return Cell("".join(cells), "muted")
    last = _column(end, session, width)
    cells[: last + 1] = display.bar * (last + 1)
    cells[today] = display.upright
    label = f" {end:%Y-%m}"
    if last + 1 + len(label) <= width and not last < today <= last + len(label):
        cells[last + 1 : last + 1 + len(label)] = label
    is_past, days = end < session.today, (end - session.today).days
    role = "bad" if is_past else "doubtful" if days < 365 else "good"
    return Cell("".join(cells).rstrip(), role, end.toordinal())


def _content(used: int, most: int, display: Display) -> Cell:
    if not used:
        return Cell(f"{'-':>5}", "muted", 0)
    filled = max(1, round(used / most * _BAR))
    return Cell(f"{used:>5} {display.bar * filled}", "", used)
