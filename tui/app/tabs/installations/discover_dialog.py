"""Find the Pythons of this machine, and add some to the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from .....core.errors import StewardError
from ...app_api import app_of
from ...background import call
from ...dialogs.dialog import Dialog, hints
from ...widgets.table import (
    Cell,
    Column,
    Row,
    Table,
)

if TYPE_CHECKING:
    from .....core.installations import DiscoveredPython

_COLUMNS = (
    Column("Add", 3),
    Column("Version", 9),
    Column("Found", 12, keep=False),
    Column("Interpreter", middle=True),
)


class DiscoverScreen(Dialog["list[str]"]):
    """Answers with the paths to add."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("space", "mark", ""),
        ("a", "mark_all", ""),
        ("q", "cancel", ""),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._found: tuple[DiscoveredPython, ...] = ()
        self._marked: set[str] = set()

    def compose(self) -> ComposeResult:
        with Vertical(classes="box tall") as box:
            box.border_title = "Pythons of this machine"
            box.border_subtitle = hints(space="Mark", a="All", enter="Add", escape="Cancel")
            yield Table(
                _COLUMNS,
                empty="searching…" if app_of(self).terminal_display.unicode else "searching...",
            )

    def on_mount(self) -> None:
        self.query_one(Table).focus()
        call(self, app_of(self).source.discover, self._discovered, self._failed)

    def _discovered(self, found: tuple[DiscoveredPython, ...]) -> None:
        self._found = found
        self._show()

    def _failed(self, problem: StewardError) -> None:
        app_of(self).say(str(problem), problem=True)
        self.dismiss(None)

    def _show(self) -> None:
        display = app_of(self).terminal_display
        rows: list[Row] = []
        for item in self._found:
            marked = "has" if item.is_configured else "[x]" if item.path in self._marked else "[ ]"
            role = "muted" if item.is_configured else ""
            rows.append(
                Row(
                    item.path,
                    (
                        Cell(marked, role or "strong"),
                        Cell(str(item.version or "?"), role or "strong"),
                        Cell(display.line(item.how), "muted"),
                        Cell(display.line(item.path), role),
                    ),
                )
            )
        self.query_one(Table).show(rows, "No Python was found on this machine.")

    @property
    def _new(self) -> list[str]:
        """What can be added, in the order in which it was found."""
        return [item.path for item in self._found if not item.is_configured]

    def action_mark(self) -> None:
        key = self.query_one(Table).key
        if key in self._new:
            self._marked ^= {key}
            self._show()
        elif key is not None:
            self._is_there()

    def action_mark_all(self) -> None:
        new = set(self._new)
        self._marked = set() if self._marked == new else new
        self._show()

    @on(Table.Chosen)
    def _chosen(self, event: Table.Chosen) -> None:
        marked = self._marked or {event.key}
        added = [path for path in self._new if path in marked]
        if added:
            self.dismiss(added)
        else:
            self._is_there()

    def _is_there(self) -> None:
        app_of(self).say("Not possible: it is already configured.")
