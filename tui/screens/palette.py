"""The palette: every action by its name, those of other screens too."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input

from ..actions import ACTIONS, EVERYWHERE, Action
from ..house import house
from ..widgets.field import Field
from ..widgets.rows import Cell, Column, Row, Rows
from . import TABS
from .dialog import Dialog

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
            box.border_subtitle = "Enter runs, Esc closes"
            yield Field(placeholder="type a part of what you want to do")
            yield Rows(_COLUMNS, empty="no action is called that")

    def on_mount(self) -> None:
        self.query_one(Rows).can_focus = False
        self.query_one(Input).focus()
        self._show("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._show(event.value)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.dismiss(self.query_one(Rows).key)

    @on(Rows.Chosen)
    def _chosen(self, event: Rows.Chosen) -> None:
        self.dismiss(event.key)

    def action_move(self, by: int) -> None:
        self.query_one(Rows).action_move(by)

    def _show(self, typed: str) -> None:
        words = typed.lower().split()
        found = [
            action
            for action in self._offered
            if all(word in f"{action.label} {action.help} {action.scope}".lower() for word in words)
        ]
        self.query_one(Rows).show([self._row(action) for action in found])

    def _row(self, action: Action) -> Row:
        is_here = action.scope in (self._scope, EVERYWHERE)
        reason = house(self).why_not(action.id) if is_here else None
        text, role = action.help, ""
        if reason is not None:
            text, role = f"({action.help}: {reason})", "muted"
        where = "" if is_here else action.scope
        return Row(
            action.id, (Cell(action.key, role or "strong"), Cell(text, role), Cell(where, "muted"))
        )
