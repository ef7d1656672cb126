"""The palette: every action by its name, those of other screens too."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from ..actions import EVERYWHERE, Action
from ..app_api import app_of
from ..registry import ACTIONS, find
from ..tabs import TABS
from ..widgets.field import Field
from ..widgets.table import (
    Cell,
    Column,
    Row,
    Table,
)
from .dialog import Dialog, hints

_COLUMNS = (Column("Key", 7), Column("Action"), Column("Where", 14, keep=False))


class Palette(Dialog[str]):
    """Answers with the id of the action to run, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("down", "move(1)", ""),
        ("up", "move(-1)", ""),
        ("pagedown", "move(10)", ""),
        ("pageup", "move(-10)", ""),
    ]

    def __init__(self, scope: str) -> None:
        super().__init__()
        mine = [action for action in ACTIONS if action.scope == scope]
        shared = [action for action in ACTIONS if action.scope == EVERYWHERE]
        tabs = {tab.name for tab in TABS}
        others = [action for action in ACTIONS if action.scope in tabs and action.scope != scope]
        self._scope = scope
        self._offered = [*mine, *shared, *others]

    def compose(self) -> ComposeResult:
        with Vertical(classes="box tall") as box:
            box.border_title = "Commands"
            box.border_subtitle = hints(enter="runs", escape="closes")
            yield Field(placeholder="type a part of what you want to do")
            yield Table(_COLUMNS, empty="no action is called that")
            yield Static(classes="whole", markup=False)

    def on_mount(self) -> None:
        self.query_one(Table).can_focus = False
        self.query_one(Input).focus()
        self._show("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._show(event.value)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.dismiss(self.query_one(Table).key)

    @on(Table.Moved)
    def _moved(self, event: Table.Moved) -> None:
        """What the row has no room for: all of its words, and why it is not possible."""
        words = "" if event.key is None else self._words(find(event.key))
        self.query_one(Static).update(Content(words))

    @on(Table.Chosen)
    def _chosen(self, event: Table.Chosen) -> None:
        self.dismiss(event.key)

    def action_move(self, by: int) -> None:
        self.query_one(Table).action_move(by)

    def _show(self, typed: str) -> None:
        words = typed.lower().split()
        found = [
            action for action in self._offered if all(word in _searched(action) for word in words)
        ]
        self.query_one(Table).show([self._row(action) for action in found])

    def _is_here(self, action: Action) -> bool:
        return action.scope in (self._scope, EVERYWHERE)

    def _why_not(self, action: Action) -> str | None:
        return app_of(self).why_not(action.id) if self._is_here(action) else None

    def _words(self, action: Action) -> str:
        reason = self._why_not(action)
        return action.help if reason is None else f"{action.help} (not now: {reason})"

    def _row(self, action: Action) -> Row:
        text, role = action.help, ""
        if self._why_not(action) is not None:
            text, role = f"({action.help})", "muted"
        where = "" if self._is_here(action) else action.scope
        return Row(
            action.id, (Cell(action.key, role or "strong"), Cell(text, role), Cell(where, "muted"))
        )


def _searched(action: Action) -> str:
    return f"{action.label} {action.help} {action.scope} {action.all_keys}".lower()
