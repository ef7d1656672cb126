"""A table whose rows are drawn as they come into sight: ten rows or ten thousand cost the same.

Textual's own DataTable measures every cell of every row before it shows the first; this one
knows its columns' widths from what it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from textwrap import wrap
from typing import ClassVar, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ....core.frozen import frozen
from ..app_api import app_of
from .path_shortening import SharedParts


@frozen
class Column:
    """One column.

    width: in cells; None shares what the others leave.
    least: of a share, before columns go that need not stay.
    keep: whether it stays when the table is too narrow for all; others go from the right.
    middle: whether a text that is too long loses its middle, as a path should, not its end.
    fits: whether it takes no more than its longest text needs, so that others get the rest.
    """

    title: str
    width: int | None = None
    keep: bool = True
    middle: bool = False
    least: int = 12
    fits: bool = False


class Cell(NamedTuple):
    """Safe text, and what it means: good, bad, doubtful, muted, strong, or nothing much."""

    text: str
    role: str = ""


class Row(NamedTuple):
    """One row. key: what it stands for, unique in its table."""

    key: str
    cells: tuple[Cell, ...]


_GAP, _WIDE_GAP = 1, 2
_WIDE = 100
_MOST_MEASURED = 2_000  # rows
_STEP = 8  # columns; a text that grows must not shift all columns


class Table(ScrollView, can_focus=True):
    """Rows with a cursor, which stays with its row when the rows change."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "rows--head",
        "rows--cursor",
        "rows--cursor-blurred",
        "rows--good",
        "rows--bad",
        "rows--doubtful",
        "rows--muted",
        "rows--strong",
    }

    BINDINGS: ClassVar[list[BindingType]] = [
        ("up,k", "move(-1)", ""),
        ("down,j", "move(1)", ""),
        ("pageup,ctrl+b,ctrl+u", "move_page(-1)", ""),
        ("pagedown,ctrl+f,ctrl+d", "move_page(1)", ""),
        ("home,g", "move(-1000000000)", ""),
        ("end,G", "move(1000000000)", ""),
        ("enter", "choose", ""),
    ]

    class Moved(Message):
        """The cursor stands on another row; key: None when there is none."""

        def __init__(self, rows: Table, key: str | None) -> None:
            super().__init__()
            self.rows = rows
            self.key = key

        @property
        def control(self) -> Table:
            return self.rows

    class Chosen(Message):
        """A row was chosen: Enter, or a click on the row under the cursor."""

        def __init__(self, rows: Table, key: str) -> None:
            super().__init__()
            self.rows = rows
            self.key = key

        @property
        def control(self) -> Table:
            return self.rows

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        empty: str = "",
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._empty = empty
        self._rows: tuple[Row, ...] = ()
        self._cursor = 0
        self._shared: dict[Column, SharedParts] = {}
        self._fitted = self._columns

    @property
    def key(self) -> str | None:
        """The key of the row under the cursor."""
        return self._rows[self._cursor].key if self._rows else None

    @property
    def rows(self) -> tuple[Row, ...]:
        return self._rows

    def show(self, rows: Sequence[Row], empty: str | None = None) -> None:
        """Show these rows; the cursor stays with its key, else at its place."""
        before, old_key, old_rows = self._cursor, self.key, self._rows
        self._rows = tuple(rows)
        self._shared.clear()
        fitted, self._fitted = self._fitted, self._fit_columns()
        self._empty = self._empty if empty is None else empty
        keys = [row.key for row in self._rows]
        self._cursor = (
            keys.index(old_key)
            if old_key in keys
            else max(0, min(self._cursor, len(self._rows) - 1))
        )
        self.virtual_size = Size(self.size.width, len(self._rows) + 1)
        if before != self._cursor or len(old_rows) != len(self._rows) or fitted != self._fitted:
            self.refresh()
        else:
            for number, (old, new) in enumerate(zip(old_rows, self._rows, strict=True)):
                if old != new:
                    self._refresh_row(number)
        if self.key != old_key:
            self.post_message(self.Moved(self, self.key))

    def select(self, key: str) -> None:
        """Put the cursor on the row of that key, if there is one."""
        for number, row in enumerate(self._rows):
            if row.key == key:
                self.action_move(number - self._cursor)
                return

    def action_move(self, by: int) -> None:
        """Move the cursor by so many rows, as far as there are."""
        if not self._rows:
            return
        to = max(0, min(self._cursor + by, len(self._rows) - 1))
        if to == self._cursor:
            return
        before, self._cursor = self._cursor, to
        self._refresh_row(before)
        self._refresh_row(to)
        self._follow()
        self.post_message(self.Moved(self, self.key))

    def action_move_page(self, by: int) -> None:
        """Move the cursor by a page."""
        self.action_move(by * max(1, self._page - 1))

    def action_choose(self) -> None:
        if self.key is not None:
            self.post_message(self.Chosen(self, self.key))

    def on_click(self, event: events.Click) -> None:
        place = event.get_content_offset(self)
        if place is None or place.y < 1:
            return
        number = place.y - 1 + self.scroll_offset.y
        if number >= len(self._rows):
            return
        if number == self._cursor and event.chain > 1:
            self.action_choose()
        self.action_move(number - self._cursor)

    def on_resize(self, _event: events.Resize) -> None:
        self.virtual_size = Size(self.size.width, len(self._rows) + 1)
        self._follow()
        self.refresh()

    def on_focus(self) -> None:
        self._refresh_row(self._cursor)

    def on_blur(self) -> None:
        self._refresh_row(self._cursor)

    @property
    def _page(self) -> int:
        """Rows in sight; the head takes one line."""
        return max(1, self.scrollable_content_region.height - 1)

    def _follow(self) -> None:
        top = self.scroll_offset.y
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False)
        elif self._cursor >= top + self._page:
            self.scroll_to(y=self._cursor - self._page + 1, animate=False)

    def _refresh_row(self, number: int) -> None:
        y = number + 1 - self.scroll_offset.y
        self.refresh(Region(0, y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        base = self.rich_style
        if y == 0:
            style = self._style("head")
            head = [Cell(column.title) for column in self._columns]
            return self._strip(head, width, style, plain=True)
        number = y - 1 + self.scroll_offset.y
        if not self._rows and y >= 2:
            said = wrap(self._empty, max(width - 4, 8))[y - 2 : y - 1]
            return Strip([Segment(f"  {text}", self._style("muted")) for text in said]).crop_extend(
                0, width, base
            )
        if number >= len(self._rows):
            return Strip.blank(width, base)
        if number == self._cursor:
            # A list that cannot have the keys is moved by who has them.
            is_lit = self.has_focus or not self.can_focus
            style = self._style("cursor" if is_lit else "cursor-blurred")
            return self._strip(self._rows[number].cells, width, style, plain=True)
        return self._strip(self._rows[number].cells, width, base, plain=False)

    def _strip(self, cells: Sequence[Cell], width: int, base: Style, *, plain: bool) -> Strip:
        segments = [Segment(" ", base)]
        gap = " " * _gap(width)
        for cell, column, share in zip(cells, self._columns, self._widths(width), strict=True):
            if share <= 0:
                continue
            style = base if plain or not cell.role else self._style(cell.role)
            segments.append(Segment(self._fit(cell.text, column, share), style))
            segments.append(Segment(gap, base))
        return Strip(segments).crop_extend(0, width, base).simplify()

    def _fit(self, text: str, column: Column, width: int) -> str:
        """Exactly so many cells; a sign stands for what is cut off."""
        if cell_len(text) > width:
            display = app_of(self).terminal_display
            if column.middle:
                text = self._shared_parts(column).shorten(text, width, display)
            else:
                text = set_cell_size(text, width - 1) + display.more
        return set_cell_size(text, width)

    def _shared_parts(self, column: Column) -> SharedParts:
        """Looked for where a first text does not fit: most often all do."""
        if column not in self._shared:
            at = self._columns.index(column)
            self._shared[column] = SharedParts(row.cells[at].text for row in self._rows)
        return self._shared[column]

    def _widths(self, width: int) -> list[int]:
        """Return the width of each column; 0 for one that there is no room for."""
        gap = _gap(width)
        shown = list(self._fitted)
        while sum((column.width or column.least) + gap for column in shown) > width and any(
            not column.keep for column in shown
        ):
            del shown[max(i for i, column in enumerate(shown) if not column.keep)]
        fixed = sum(column.width or 0 for column in shown)
        sharing = sum(column.width is None for column in shown)
        left = max(width - 1 - fixed - gap * len(shown), 0)
        share = left // sharing if sharing else 0
        return [
            0 if column not in shown else share if column.width is None else column.width
            for column in self._fitted
        ]

    def _fit_columns(self) -> tuple[Column, ...]:
        """Return the columns, those that fit as wide as their longest text, in steps."""
        rows = self._rows[:_MOST_MEASURED]
        columns: list[Column] = []
        for number, column in enumerate(self._columns):
            if column.fits and column.width is not None:
                longest = max([cell_len(row.cells[number].text) for row in rows], default=0)
                needed = -(-max(longest, len(column.title)) // _STEP) * _STEP
                column = replace(column, width=min(column.width, needed))
            columns.append(column)
        return tuple(columns)

    def _style(self, role: str) -> Style:
        return self.get_component_rich_style(f"rows--{role}")


def _gap(width: int) -> int:
    return _WIDE_GAP if width >= _WIDE else _GAP
