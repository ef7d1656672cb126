"""Choose a color theme: pysteward's, Textual's, or the terminal's own colors."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from ..app_api import app_of
from ..widgets.table import (
    Cell,
    Column,
    Row,
    Table,
)
from .dialog import Dialog, hints

_WORDS = {
    "steward-dark": "pysteward, dark",
    "steward-light": "pysteward, light",
    "ansi-dark": "the terminal's own colors, on dark",
    "ansi-light": "the terminal's own colors, on light",
}


class ThemeScreen(Dialog[None]):
    """The cursor previews a theme; Enter keeps it, Esc restores the one before."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="box tall") as box:
            box.border_title = "Theme"
            box.border_subtitle = hints(enter="Keep", escape="Cancel")
            yield Table((Column("Name", 22), Column("Colors")))

    def on_mount(self) -> None:
        self._before = self.app.theme
        others = sorted(set(self.app.available_themes) - set(_WORDS) - {"textual-ansi"})
        rows = self.query_one(Table)
        rows.show(
            [
                Row(name, (Cell(name, "strong"), Cell(_WORDS.get(name, ""), "muted")))
                for name in [*_WORDS, *others]
            ]
        )
        rows.select(self._before)
        rows.focus()

    @on(Table.Moved)
    def _moved(self, event: Table.Moved) -> None:
        if event.key is not None:
            self.app.theme = event.key

    @on(Table.Chosen)
    def _chosen(self) -> None:
        app_of(self).keep_theme()
        self.dismiss(None)

    def action_cancel(self) -> None:
        self.app.theme = self._before
        self.dismiss(None)
