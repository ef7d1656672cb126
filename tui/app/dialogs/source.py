"""Choose the server that the interface shows: this one, a Connect server, the demo server."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from ...start import Source
from ..app_api import app_of
from ..widgets.table import Cell, Column, Row, Table
from .dialog import Dialog, hints


class SourceDialog(Dialog[Source]):
    """Enter chooses a server; the one that is shown is selected at first.

    sources: all of them. shown: the name of the present one.
    """

    def __init__(self, sources: Sequence[Source], shown: str) -> None:
        super().__init__()
        self._sources = {source.name: source for source in sources}
        self._shown = shown

    def compose(self) -> ComposeResult:
        with Vertical(classes="box tall") as box:
            box.border_title = "Server"
            box.border_subtitle = hints(enter="Open", escape="Cancel")
            yield Table((Column("Server", 24), Column("What it is")))

    def on_mount(self) -> None:
        display = app_of(self).terminal_display
        table = self.query_one(Table)
        table.show(
            [
                Row(
                    name,
                    (Cell(display.line(name), "strong"), Cell(display.line(source.words), "muted")),
                )
                for name, source in self._sources.items()
            ]
        )
        table.select(self._shown)
        table.focus()

    @on(Table.Chosen)
    def _chosen(self) -> None:
        key = self.query_one(Table).key
        self.dismiss(None if key in (None, self._shown) else self._sources[key or ""])
