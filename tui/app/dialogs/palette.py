"""The palette: every action by its name, also of other tabs, and all that has a name itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from ..actions import EVERYWHERE, Action
from ..app_api import app_of
from ..background import call
from ..places import Place
from ..widgets.field import Field
from ..widgets.table import (
    Cell,
    Column,
    Row,
    Table,
)
from .dialog import Dialog, hints

_COLUMNS = (Column("Key", 7), Column("Action"), Column("Where", 14, keep=False))


_MOST_PLACES = 200


class Palette(Dialog["Action | Place"]):
    """Answers with the action to run or the place to go to, or None.

    find: returns the places; it may block. They are offered once something is typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ("down", "move(1)", ""),
        ("up", "move(-1)", ""),
        ("pagedown", "move(10)", ""),
        ("pageup", "move(-10)", ""),
    ]

    def __init__(
        self, scope: str, actions: Iterable[Action], find: Callable[[], tuple[Place, ...]]
    ) -> None:
        super().__init__()
        self._find = find
        self._places: dict[str, Place] = {}
        self._scope = scope
        self._actions = {action.id: action for action in actions}
        self._offered: list[Action] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="box tall") as box:
            box.border_title = "Commands"
            box.border_subtitle = hints(enter="Run", escape="Close")
            yield Field(placeholder="a part of an action's name, or of content, a build, a Python")
            yield Table(_COLUMNS, empty="nothing has that name")
            yield Static(classes="whole", markup=False)

    def on_mount(self) -> None:
        tabs = {tab.name for tab in app_of(self).tabs}
        offered = [a for a in self._actions.values() if self._is_here(a) or a.scope in tabs]
        # Those of this screen first, then those of every screen.
        order = (self._scope, EVERYWHERE)
        self._offered = sorted(
            offered, key=lambda a: order.index(a.scope) if a.scope in order else len(order)
        )
        self.query_one(Table).can_focus = False
        self.query_one(Input).focus()
        self._show("")
        call(self, self._find, self._found)

    def _found(self, places: tuple[Place, ...]) -> None:
        self._places = {place.key: place for place in places}
        if self.query_one(Input).value:
            self._show(self.query_one(Input).value)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._show(event.value)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._answer(self.query_one(Table).key)

    @on(Table.Moved)
    def _moved(self, event: Table.Moved) -> None:
        """Show what the row has no room for: the whole help, and why the action is not possible."""
        key = event.key or ""
        words = self._words(self._actions[key]) if key in self._actions else ""
        if key in self._places:
            words = f"Go to {self._places[key].name}: {self._places[key].words}"
            words = app_of(self).terminal_display.line(words, 200)
        self.query_one(Static).update(Content(words))

    @on(Table.Chosen)
    def _chosen(self, event: Table.Chosen) -> None:
        self._answer(event.key)

    def _answer(self, key: str | None) -> None:
        self.dismiss(None if key is None else self._actions.get(key) or self._places.get(key))

    def action_move(self, by: int) -> None:
        self.query_one(Table).action_move(by)

    def _show(self, typed: str) -> None:
        words = typed.lower().split()
        found = [
            action for action in self._offered if all(word in _searched(action) for word in words)
        ]
        places = [
            place
            for place in self._places.values()
            if words and all(word in _searched_in(place) for word in words)
        ][:_MOST_PLACES]
        self.query_one(Table).show(
            [*(self._row(action) for action in found), *(self._place_row(each) for each in places)]
        )

    def _place_row(self, place: Place) -> Row:
        display = app_of(self).terminal_display
        text = f"{place.name}  {place.words}"
        cells = (Cell(""), Cell(display.line(text, 200)), Cell(place.tab, "muted"))
        return Row(place.key, cells)

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


def _searched_in(place: Place) -> str:
    return f"{place.name} {place.words} {place.tab}".lower()
