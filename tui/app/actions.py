"""Actions: what a user can do on a screen, declared once as data.

Key bindings, footer, palette, help and tests are all made from these declarations.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ...core.frozen import frozen

EVERYWHERE = "everywhere"
"""The scope of actions that every screen has."""

KEY_NAMES = {
    "question_mark": "?",
    "colon": ":",
    "slash": "/",
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "full_stop": ".",
    "comma": ",",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "left": "Left",
    "right": "Right",
    "up": "Up",
    "down": "Down",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "delete": "Del",
    "tab": "Tab",
    "ampersand": "&",
    "asterisk": "*",
    "exclamation_mark": "!",
    "number_sign": "#",
    "at": "@",
}
"""Textual's key names, and how they are shown; a letter stands for itself."""


@frozen
class Action:
    """One action.

    name: the method ``do_<name>`` of its owner does it.
    keys: by Textual's names; the first one is shown.
    label: for the footer, two words at most.
    help: for the help and the palette.
    unless: a method of the owner that returns why the action is not possible now, or None; empty
        where it always is. The reason ends the sentence "Not possible: ...".
    footer: whether it stays in the footer where that is narrow.
    old: keys that did it before; they go on working and are shown nowhere.
    on: an attribute of the screen that owns the methods; empty for the screen itself (or the app).
    scope: the screen it belongs to, or EVERYWHERE.
    """

    name: str
    keys: tuple[str, ...]
    label: str
    help: str
    unless: str = ""
    footer: bool = False
    on: str = ""
    scope: str = ""
    old: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.scope}.{self.name}"

    @property
    def key(self) -> str:
        """The key to show; empty where only the palette has the action."""
        return key_name(self.keys[0]) if self.keys else ""

    @property
    def all_keys(self) -> str:
        return " ".join(key_name(key) for key in self.keys)

    def why_not(self, screen: Any) -> str | None:
        """Return why it is not possible now; None where it is. screen: or the app."""
        return getattr(self._owner(screen), self.unless)() if self.unless else None

    def run(self, screen: Any) -> Any:
        """Do it. Returns what the method returns; a coroutine has to be awaited."""
        return getattr(self._owner(screen), f"do_{self.name}")()

    def _owner(self, screen: Any) -> Any:
        return getattr(screen, self.on) if self.on else screen


def actions(scope: str, *declared: Action, on: str = "") -> tuple[Action, ...]:
    """Actions of one scope, in the order in which help and footer show them.

    on: for all that name no owner of their own.
    """
    return tuple(replace(action, scope=scope, on=action.on or on) for action in declared)


def bindings_of(declared: Iterable[Action]) -> list[tuple[str, str, str]]:
    """Textual's key bindings of these actions."""
    return [
        (",".join((*action.keys, *action.old)), f"act('{action.id}')", action.label)
        for action in declared
        if action.keys
    ]


def key_name(key: str) -> str:
    """Return a key as it is written: ``ctrl+p`` is ^P, ``question_mark`` is ?."""
    if key.startswith("ctrl+"):
        name = key_name(key[5:])
        return f"^{name.upper() if len(name) == 1 else name}"
    if key[:1] == "f" and key[1:].isdigit():
        return key.upper()
    return KEY_NAMES.get(key, key)


SHARED_ACTIONS = actions(
    EVERYWHERE,
    Action("help", ("question_mark", "f1"), "Help", "Show the keys of this screen", footer=True),
    Action("palette", ("colon", "ctrl+p"), "Commands", "Find and run an action", footer=True),
    Action("quit", ("q", "ctrl+q"), "Quit", "Quit; running builds continue", footer=True),
    Action("back", ("escape",), "Back", "Close, clear or go back one step"),
    Action("reload", ("ctrl+r",), "Reload",
           "Reload the settings and check the installations again", unless="why_no_reload"),
    Action("source", ("at",), "Server",
           "Choose the server: this one, a Connect server, the demo", unless="why_no_source"),
    Action("theme", ("ctrl+t",), "Theme", "Choose a color theme", unless="why_no_theme"),
    Action("running", ("exclamation_mark",), "Running",
           "Open what has ended last, failed, or is running: a build or the plan",
           unless="why_no_running"),
    Action("suspend", ("ctrl+z",), "Suspend", "Suspend the program; fg resumes it"),
    Action("next_tab", ("ctrl+pagedown", "right_square_bracket"), "Next tab",
           "Go to the next tab"),
    Action("previous_tab", ("ctrl+pageup", "left_square_bracket"), "Previous tab",
           "Go to the previous tab"),
)  # fmt: skip
"""The actions that every screen has; the app does them."""

LIST_ACTIONS = (
    Action("filter", ("slash",), "Filter", "Filter by words, or by a column", footer=True),
    Action("sort", ("s",), "Sort", "Sort by the next column; a click on its head does, too",
           unless="why_no_rows"),
    Action("turn_order", ("S",), "Turn order", "Sort the other way round", unless="why_no_rows"),
)  # fmt: skip
"""The actions of every list; ``screens.list_screen`` does them."""

MARK_ACTIONS = (
    Action("mark", ("space",), "Mark", "Mark the selected row, so that actions are for all marked",
           unless="why_no_rows"),
    Action("mark_all", ("asterisk",), "Mark all", "Mark all rows shown, or none",
           unless="why_no_rows"),
)  # fmt: skip
"""The actions of a list in which several rows can be acted on at once."""
