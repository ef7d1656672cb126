"""A table whose rows are drawn as they come into sight: ten rows or ten thousand cost the same.

Textual's own DataTable measures every cell of every row before it shows the first; this one
knows its columns' widths from what it is told.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from textwrap import wrap
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.actions import SkipAction
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ..app_api import app_of
from .columns import (
    Cell,
    Column,
    Order,
    Row,
    falls_first,
    gap_of,
    in_order,
    needs_of,
    widths_of,
)
from .path_shortening import SharedParts

__all__ = ["Cell", "Column", "Order", "Row", "Table"]


class TableMessage(Message):
    """What a table tells the widgets around it."""

    def __init__(self, rows: Table) -> None:
        super().__init__()
        self.rows = rows

    @property
    def control(self) -> Table:
        return self.rows


class Table(ScrollView, can_focus=True):
    """Rows with a cursor, which stays with its row when the rows change.

    title: stands above the rows with the cursor's place, "Builds 3 of 10"; empty for none.
    sorts: whether a click on a column's head sorts by it.
    leaves_enter: whether Enter is for the screen.
    """

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

    class Moved(TableMessage):
        """The cursor stands on another row; key: None when there is none."""

        def __init__(self, rows: Table, key: str | None) -> None:
            super().__init__(rows)
            self.key = key

    class Chosen(TableMessage):
        """A row was chosen: Enter, or a click on the row under the cursor."""

        def __init__(self, rows: Table, key: str) -> None:
            super().__init__(rows)
            self.key = key

    class Sorted(TableMessage):
        """A person has sorted the rows."""

        def __init__(self, rows: Table, order: Order | None) -> None:
            super().__init__(rows)
            self.order = order

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        empty: str = "",
        title: str = "",
        sorts: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id, classes="titled" if title else None)
        self._columns = tuple(columns)
        self._empty = empty
        self._title = title
        self._sorts = sorts
        self.leaves_enter = False
        self._order: Order | None = None
        self._given: tuple[Row, ...] = ()
        self._rows: tuple[Row, ...] = ()
        self._of = 0
        self._marked: frozenset[str] = frozenset()
        self._cursor = 0
        self._shared: dict[Column, SharedParts] = {}
        self._needs = needs_of(self._columns, ())
        self._show_title()

    @property
    def key(self) -> str | None:
        """The key of the row under the cursor."""
        return self._rows[self._cursor].key if self._rows else None

    @property
    def rows(self) -> tuple[Row, ...]:
        return self._rows

    @property
    def columns(self) -> tuple[Column, ...]:
        return self._columns

    @property
    def order(self) -> Order | None:
        """By what the rows are sorted; None: as they were given."""
        return self._order

    @property
    def marked(self) -> tuple[str, ...]:
        """The keys of the marked rows, as they stand."""
        return tuple(row.key for row in self._rows if row.key in self._marked)

    @property
    def targets(self) -> tuple[str, ...]:
        """The keys that an action is for: of the marked rows, else of the one under the cursor."""
        return self.marked or (() if self.key is None else (self.key,))

    def show(self, rows: Sequence[Row], empty: str | None = None, *, of: int | None = None) -> None:
        """Show these rows; the cursor stays with its key, else at its place.

        of: how many there are without the filter. A mark ends with its row.
        """
        self._given = tuple(rows)
        self._of = len(self._given) if of is None else of
        self._empty = self._empty if empty is None else empty
        if self._marked:
            self._marked &= {row.key for row in self._given}
        self._arrange()

    def change_columns(self, columns: Sequence[Column]) -> None:
        """Have other columns from the next ``show`` on; nothing is sorted by the old ones."""
        if tuple(columns) == self._columns:
            return
        if len(columns) != len(self._columns):
            self._order = None
        self._columns = tuple(columns)
        self._given = self._rows = ()
        self._needs = needs_of(self._columns, ())
        self.refresh()

    def sort(self, order: Order | None) -> None:
        """Sort the rows, now and whenever others are shown. None: as they are given."""
        self._order = order
        self._arrange()
        self.refresh()
        self._follow()

    def sort_by_next(self) -> None:
        """Sort by the column after the present one, and after the last as they were given."""
        shown = [n for n, width in enumerate(self._widths()) if width and self._columns[n].title]
        after = [n for n in shown if self._order is None or n > self._order.column]
        self._sort_by_hand(self._by(after[0]) if after else None)

    def turn_order(self) -> None:
        """Sort the other way round, without an order by the first column."""
        order = self._order or Order(0, is_falling=False)
        self._sort_by_hand(Order(order.column, not order.is_falling))

    def mark(self, keys: Collection[str]) -> None:
        """Mark these rows and no others."""
        self._marked = frozenset(keys)
        self._show_title()
        self.refresh()

    def switch_mark(self) -> None:
        """Mark the row under the cursor, or unmark it, and go on to the next."""
        if self.key is not None:
            self._marked ^= {self.key}
            self._refresh_row(self._cursor)
            self.action_move(1)
            self._show_title()

    def _by(self, column: int) -> Order:
        return Order(column, falls_first(self._given, column))

    def _sort_by_hand(self, order: Order | None) -> None:
        self.sort(order)
        self.post_message(self.Sorted(self, order))

    def _head_clicked(self, x: int) -> None:
        """Sort by the column at that place; once more turns the order, then there is none."""
        start = 1
        for number, width in enumerate(self._widths()):
            if width and start <= x < start + width:
                first, now = self._by(number), self._order
                turned = Order(number, not first.is_falling)
                self._sort_by_hand(turned if now == first else None if now == turned else first)
                return
            start += width + gap_of(self.size.width) if width else 0

    def _arrange(self) -> None:
        """Sort and show what was given."""
        before, old_key, old_rows = self._cursor, self.key, self._rows
        self._rows = in_order(self._given, self._order)
        self._shared.clear()
        needs, self._needs = self._needs, needs_of(self._columns, self._rows)
        keys = [row.key for row in self._rows]
        self._cursor = (
            keys.index(old_key)
            if old_key in keys
            else max(0, min(self._cursor, len(self._rows) - 1))
        )
        self.virtual_size = Size(self.size.width, len(self._rows) + 1)
        if before != self._cursor or len(old_rows) != len(self._rows) or needs != self._needs:
            self.refresh()
        else:
            for number, (old, new) in enumerate(zip(old_rows, self._rows, strict=True)):
                if old != new:
                    self._refresh_row(number)
        self._show_title()
        if self.key != old_key:
            self.post_message(self.Moved(self, self.key))

    def _show_title(self) -> None:
        if not self._title:
            return
        place = f"{self._cursor + 1:,} of {len(self._rows):,}" if self._rows else "0"
        filtered = f", {self._of:,} in all" if self._of > len(self._rows) else ""
        marked = f", {len(self._marked):,} marked" if self._marked else ""
        self.border_title = Content(f"{self._title} {place}{filtered}{marked}")

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
        self._show_title()
        self.post_message(self.Moved(self, self.key))

    def action_move_page(self, by: int) -> None:
        """Move the cursor by a page."""
        self.action_move(by * max(1, self._page - 1))

    def action_choose(self) -> None:
        if self.leaves_enter:
            raise SkipAction
        self._choose()

    def _choose(self) -> None:
        if self.key is not None:
            self.post_message(self.Chosen(self, self.key))

    def on_click(self, event: events.Click) -> None:
        place = event.get_content_offset(self)
        if place is None:
            return
        if place.y < 1:
            if self._sorts:
                self._head_clicked(place.x)
            return
        number = place.y - 1 + self.scroll_offset.y
        if number >= len(self._rows):
            return
        if number == self._cursor and event.chain > 1:
            self._choose()
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
        # By force: rows may have come just now, and the scroll bar comes with the next layout.
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False, force=True)
        elif self._cursor >= top + self._page:
            self.scroll_to(y=self._cursor - self._page + 1, animate=False, force=True)

    def _refresh_row(self, number: int) -> None:
        y = number + 1 - self.scroll_offset.y
        self.refresh(Region(0, y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        base = self.rich_style
        if y == 0:
            style = self._style("head")
            return self._strip(self._head(), width, style)
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
            return self._strip(self._rows[number].cells, width, style, self._sign(number))
        return self._strip(self._rows[number].cells, width, base, self._sign(number), plain=False)

    def _head(self) -> list[Cell]:
        """The titles, that of the sorted column with a sign for its direction."""
        display, order = app_of(self).terminal_display, self._order
        titles = [column.title for column in self._columns]
        if order is not None:
            sign = display.falling if order.is_falling else display.rising
            title, width = titles[order.column], self._widths()[order.column]
            titles[order.column] = f"{title[: max(width - 2, 0)]} {sign}" if width > 2 else sign
        return [Cell(title) for title in titles]

    def _sign(self, number: int) -> str:
        is_marked = self._rows[number].key in self._marked
        return app_of(self).terminal_display.marked if is_marked else " "

    def _widths(self, width: int | None = None) -> list[int]:
        width = self.scrollable_content_region.width if width is None else width
        return widths_of(self._columns, self._needs, width)

    def _strip(
        self,
        cells: Sequence[Cell],
        width: int,
        base: Style,
        sign: str = " ",
        *,
        plain: bool = True,
    ) -> Strip:
        segments = [Segment(sign, base)]
        gap = " " * gap_of(width)
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

    def _style(self, role: str) -> Style:
        return self.get_component_rich_style(f"rows--{role}")
