"""Find the Pythons of this machine, check them, and add some to the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from .....core.errors import StewardError
from .....core.installations import Installation
from ...app_api import app_of
from ...background import call, tell
from ...dialogs.dialog import Dialog, hints
from ...widgets.table import (
    Cell,
    Column,
    Row,
    Table,
)
from .detail import worst_first
from .table import end_cell, verdict

if TYPE_CHECKING:
    from .....core.installations import Analysis, DiscoveredPython

_COLUMNS = (
    Column("Add", 3),
    Column("Verdict", 10),
    Column("Version", 9, fits=True),
    Column("pip", 7, fits=True),
    Column("EOL", 8),
    Column("Interpreter", middle=True, least=20),
    Column("Found", 12, keep=False, fits=True),
)


class DiscoverScreen(Dialog["list[str]"]):
    """Answers with the paths to add. What is new is checked before anything is added."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("space", "mark", ""),
        ("a", "mark_all", ""),
        ("q", "cancel", ""),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._found: tuple[DiscoveredPython, ...] = ()
        self._marked: set[str] = set()
        self._checked: dict[str, Installation] = {}

    def compose(self) -> ComposeResult:
        with Vertical(classes="box tall") as box:
            box.border_title = "Pythons of this machine"
            box.border_subtitle = hints(space="Mark", a="All", enter="Add", escape="Cancel")
            yield Table(
                _COLUMNS,
                empty="searching…" if app_of(self).terminal_display.unicode else "searching...",
                sorts=True,
            )
            yield Static(classes="whole", markup=False)

    def on_mount(self) -> None:
        self.query_one(Table).focus()
        call(self, app_of(self).source.discover, self._discovered, self._failed)

    def _discovered(self, found: tuple[DiscoveredPython, ...]) -> None:
        self._found = found
        self._show()
        new, source = self._new, app_of(self).source

        def check() -> Analysis:
            return source.examine(new, lambda each: tell(self, self._take, (each,)))

        if new:
            call(self, check, lambda analysis: self._take(analysis.installations))

    def _take(self, checked: tuple[Installation, ...]) -> None:
        self._checked.update({each.path: each for each in checked})
        self._show()
        self._tell_why(self.query_one(Table).key)

    @on(Table.Moved)
    def _moved(self, event: Table.Moved) -> None:
        self._tell_why(event.key)

    def _tell_why(self, path: str | None) -> None:
        """Say of the selected one what the word in its row stands for."""
        installation = self._checked.get(path or "")
        problems = worst_first(installation) if installation is not None else ()
        text = problems[0].message if problems else ""
        self.query_one(Static).update(Content(app_of(self).terminal_display.line(text, 400)))

    def _failed(self, problem: StewardError) -> None:
        app_of(self).say(str(problem), problem=True)
        self.dismiss(None)

    def _show(self) -> None:
        rows = [self._row(item) for item in self._found]
        self.query_one(Table).show(rows, "No Python was found on this machine.")

    def _row(self, item: DiscoveredPython) -> Row:
        display, session = app_of(self).terminal_display, app_of(self).session
        marked = "has" if item.is_configured else "[x]" if item.path in self._marked else "[ ]"
        role = "muted" if item.is_configured else ""
        known = self._checked.get(item.path) or Installation(item.path, version=item.version)
        configured = [each for each in session.installations if item.path == each.executable]
        if item.is_configured and configured:
            known = configured[0]
        missing = Cell("-", "muted")
        end = known.end_of_life
        return Row(
            item.path,
            (
                Cell(marked, role or "strong"),
                verdict(known, display),
                Cell(str(known.version or "?"), role or "strong"),
                Cell(display.line(known.pip), role) if known.pip else missing,
                end_cell(end, session.today) if end else missing,
                Cell(display.line(item.path), role),
                Cell(display.line(item.how), "muted"),
            ),
        )

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
