"""A screen with a list that can be filtered and, beside or below it, what is known of a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.containers import Container
from textual.widget import Widget

from ..widgets.filter_bar import FilterBar, holds
from ..widgets.paragraphs import Paragraphs
from ..widgets.table import Column, Row, Table
from .base import StewardScreen


class ListScreen(StewardScreen):
    """Subclasses ``fill`` the list in ``show_list`` and show the selected row in ``Lines``.

    columns: of the list. nothing_found: what it says when the filter leaves nothing.
    """

    columns: ClassVar[Sequence[Column]] = ()
    nothing_found: ClassVar[str] = ""

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
                yield Table(self.columns, empty=self.nothing)
                yield FilterBar()
            with Container(classes="detail") as detail:
                # The title shows whether the keys are for this part.
                detail.border_title = "Detail"
                yield Paragraphs()

    def fill(self, rows: Iterable[Row]) -> None:
        """Show those of the rows that hold the filter's words."""
        words = self.query_one(FilterBar).words
        if words:
            rows = [row for row in rows if holds(" ".join(cell.text for cell in row.cells), words)]
        self.query_one(Table).show(tuple(rows), self.nothing_found if words else self.nothing)

    @on(FilterBar.Changed)
    def _filtered(self) -> None:
        self.show_list()

    @on(FilterBar.Left)
    def _filter_left(self) -> None:
        self.query_one(Table).focus()

    def go_back(self) -> bool:
        if self.query_one(FilterBar).is_open:
            self.query_one(FilterBar).clear()
            return True
        if not self.query_one(Table).has_focus:
            self.query_one(Table).focus()
            return True
        return False

    async def do_filter(self) -> None:
        await self.query_one(FilterBar).open()

    def do_detail(self) -> None:
        lines = self.query_one(Paragraphs)
        (self.query_one(Table) if lines.has_focus else lines).focus()
