"""Columns and rows of a table: how wide a column is, and by which rows are put in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from ....core.frozen import frozen

_GAP, _WIDE_GAP = 1, 2
_WIDE = 100
_MOST_MEASURED = 2_000  # rows
_STEP = 8  # columns; a text that grows must not shift all columns
_NOTHING = frozenset({"", "-", "?", "none"})
_DIGITS = re.compile(r"(\d+)")


@frozen
class Column:
    """One column.

    width: in cells; None shares what the others leave.
    least: of a share, before columns go that need not stay.
    keep: whether it stays when the table is too narrow for all; others go from the right, those
        that go last after the others.
    middle: whether a text that is too long loses its middle, as a path should, not its end.
    fits: whether it takes no more than its longest text needs, so that others get the rest.
    field: another name for it in a filter, besides its title.
    """

    title: str
    width: int | None = None
    keep: bool = True
    middle: bool = False
    least: int = 12
    fits: bool = False
    field: str = ""
    goes_last: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """Its names in a filter, lower case, without spaces."""
        title = self.title.lower().replace(" ", "-")
        return tuple(name for name in (title, self.field) if name)


class Cell(NamedTuple):
    """Safe text, and what it means: good, bad, doubtful, muted, strong, or nothing much.

    order: what rows are sorted by where that is not the text: seconds, bytes, a count.
    """

    text: str
    role: str = ""
    order: float | None = None


class Row(NamedTuple):
    """One row. key: what it stands for, unique in its table."""

    key: str
    cells: tuple[Cell, ...]


@frozen
class Order:
    """By which column rows are sorted. column: its position."""

    column: int
    is_falling: bool = False


def order_of(text: str, columns: Sequence[Column]) -> Order | None:
    """Return the order of a text such as ``-Started``; None where no column has that title."""
    titles, title = [column.title for column in columns], text.removeprefix("-")
    if not title or title not in titles:
        return None
    return Order(titles.index(title), text.startswith("-"))


def text_of(order: Order | None, columns: Sequence[Column]) -> str:
    """Return what ``order_of`` reads; empty for no order."""
    if order is None:
        return ""
    return f"{'-' if order.is_falling else ''}{columns[order.column].title}"


def gap_of(width: int) -> int:
    """Return how many cells lie between columns of a table of that width."""
    return _WIDE_GAP if width >= _WIDE else _GAP


def needs_of(columns: Sequence[Column], rows: Sequence[Row]) -> list[int]:
    """Return the width that each column needs to show all its texts."""
    measured = rows[:_MOST_MEASURED]
    needs: list[int] = []
    for number, column in enumerate(columns):
        longest = max((_length(row.cells[number].text) for row in measured), default=0)
        needs.append(max(longest, len(column.title)))
    return needs


def widths_of(columns: Sequence[Column], needs: Sequence[int], width: int) -> list[int]:
    """Return the width of each column; 0 for one that there is no room for.

    What a column does not need goes to those whose texts would be cut.
    """
    gap = gap_of(width)
    base = [
        None
        if column.width is None
        else min(column.width, _in_steps(need))
        if column.fits
        else column.width
        for column, need in zip(columns, needs, strict=True)
    ]
    shown = _those_with_room(columns, base, needs, width)
    sharing = [n for n in shown if base[n] is None]
    left = max(width - 1 - sum(base[n] or 0 for n in shown) - gap * len(shown), 0)
    widths = [base[n] or 0 if n in shown else 0 for n in range(len(columns))]
    for place, n in enumerate(sorted(sharing, key=lambda n: needs[n])):
        widths[n] = min(_in_steps(needs[n]), left // (len(sharing) - place))
        left -= widths[n]
    for n in shown:
        if base[n] is not None and needs[n] > widths[n] and left > 0:
            more = min(_in_steps(needs[n]) - widths[n], left)
            widths[n] += more
            left -= more
    for place, n in enumerate(sharing):
        more = left // (len(sharing) - place)
        widths[n] += more
        left -= more
    return widths


def _those_with_room(
    columns: Sequence[Column], base: Sequence[int | None], needs: Sequence[int], width: int
) -> list[int]:
    """Return the columns that fit, by their positions."""
    gap = gap_of(width)
    # No column needs more than its longest text.
    least = [
        (fixed or min(column.least, _in_steps(need))) + gap
        for column, fixed, need in zip(columns, base, needs, strict=True)
    ]
    shown = list(range(len(columns)))
    going = sorted(
        (n for n in shown if not columns[n].keep), key=lambda n: (not columns[n].goes_last, n)
    )
    while sum(least[n] for n in shown) > width and going:
        shown.remove(going.pop())
    whole = [
        (_in_steps(need) if fixed is None else fixed) + gap
        for fixed, need in zip(base, needs, strict=True)
    ]
    for number in range(len(columns)):
        # A narrow one may have gone before a wide one; it must not cut any text.
        if number not in shown and sum(whole[n] for n in [*shown, number]) <= width:
            shown = sorted([*shown, number])
    return shown


def in_order(rows: Sequence[Row], order: Order | None) -> tuple[Row, ...]:
    """Return the rows sorted; those that have nothing there come last. None: as they are."""
    if order is None:
        return tuple(rows)
    told = [row for row in rows if row.cells[order.column].text.strip() not in _NOTHING]
    nothing = [row for row in rows if row.cells[order.column].text.strip() in _NOTHING]
    told.sort(key=lambda row: _sort_key(row.cells[order.column]), reverse=order.is_falling)
    return (*told, *nothing)


def falls_first(rows: Iterable[Row], column: int) -> bool:
    """Return whether a column is first sorted from the top: sizes and times, not names."""
    return any(row.cells[column].order is not None for row in rows)


def _sort_key(cell: Cell) -> tuple[int, float, list[str | int]]:
    if cell.order is not None:
        return 0, cell.order, []
    # As people count: 3.9 before 3.10. Texts and numbers alternate, a text first.
    parts = _DIGITS.split(cell.text.casefold())
    return 1, 0.0, [int(part) if n % 2 else part for n, part in enumerate(parts)]


def _in_steps(width: int) -> int:
    return -(-width // _STEP) * _STEP


def _length(text: str) -> int:
    return len(text) if text.isascii() else cell_len(text)
