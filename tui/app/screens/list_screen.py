"""A screen with a list that can be filtered and, beside or below it, what is known of a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.containers import Container
from textual.widget import Widget

from ..widgets.columns import order_of, text_of
from ..widgets.filter_bar import FilterBar, fields_of, matches
from ..widgets.paragraphs import Paragraphs
from ..widgets.table import Column, Row, Table
from .base import StewardScreen


class ListScreen(StewardScreen):
    """Subclasses ``fill`` the list in ``show_list`` and show the selected row in ``Lines``.

    columns: of the list. list_title: above it. nothing_found: what it says when the filter leaves
    nothing. filter_example: a word that filters by one column. enter_is_action: whether Enter goes
    to the screen's action for it, so that keys typed after it wait for what it opens.
    """

    columns: ClassVar[Sequence[Column]] = ()
    list_title: ClassVar[str] = ""
    nothing_found: ClassVar[str] = ""
    filter_example: ClassVar[str] = ""
    enter_is_action: ClassVar[bool] = False

    @property
    def nothing(self) -> str:
        """What the list says when there is nothing to be listed."""
        raise NotImplementedError

    def show_list(self) -> None:
        """Show what is known now, filtered."""
        raise NotImplementedError

    def compose_body(self) -> Iterable[Widget]:
        with Container(classes="master-detail"):
            with Container(classes="master"):
                table = Table(self.columns, empty=self.nothing, title=self.list_title, sorts=True)
                table.leaves_enter = self.enter_is_action
                table.sort(order_of(self.steward.lists.order(self.scope), self.columns))
                yield table
                yield FilterBar(self.filter_example)
            with Container(classes="detail") as detail:
                # The title shows whether the keys are for this part.
                detail.border_title = "Detail"
                yield Paragraphs()

    def fill(self, rows: Iterable[Row]) -> None:
        """Show those of the rows that match the filter."""
        words, rows = self.query_one(FilterBar).words, tuple(rows)
        columns = self.query_one(Table).columns
        found = [row for row in rows if matches(fields_of(columns, row), words)]
        empty = self.nothing_found if words else self.nothing
        self.query_one(Table).show(found, empty, of=len(rows))

    @property
    def targets(self) -> tuple[str, ...]:
        """The keys of the rows that an action is for: marked ones, else the selected one."""
        return self.query_one(Table).targets

    @on(Table.Sorted)
    def _sorted(self, event: Table.Sorted) -> None:
        self.steward.lists.keep(self, self.scope, text_of(event.order, self.columns))

    @on(FilterBar.Changed)
    def _filtered(self) -> None:
        self.show_list()

    @on(FilterBar.Left)
    def _filter_left(self) -> None:
        self.query_one(Table).focus()

    def go_back(self) -> bool:
        if self.query_one(Table).marked:
            self.query_one(Table).mark(())
            self.actions_changed()
            return True
        if self.query_one(FilterBar).is_open:
            self.query_one(FilterBar).clear()
            return True
        if not self.query_one(Table).has_focus:
            self.query_one(Table).focus()
            return True
        return False

    async def do_filter(self) -> None:
        await self.query_one(FilterBar).open()

    def why_no_rows(self) -> str | None:
        return None if self.query_one(Table).rows else "the list is empty"

    def do_sort(self) -> None:
        self.query_one(Table).sort_by_next()

    def do_turn_order(self) -> None:
        self.query_one(Table).turn_order()

    def do_mark(self) -> None:
        self.query_one(Table).switch_mark()
        self.actions_changed()

    def do_mark_all(self) -> None:
        table = self.query_one(Table)
        is_all = len(table.marked) == len(table.rows)
        table.mark(() if is_all else [row.key for row in table.rows])
        self.actions_changed()

    def do_detail(self) -> None:
        lines = self.query_one(Paragraphs)
        (self.query_one(Table) if lines.has_focus else lines).focus()
