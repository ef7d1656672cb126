"""What an action is: one thing that a person can do, whatever way it is asked for."""

from __future__ import annotations

from collections.abc import Callable
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
    "number_sign": "#",
}
"""Textual's names of keys as people know them; a letter stands for itself."""


def always(_state: Any) -> str | None:
    """Possible at all times."""
    return None


@frozen
class Action:
    """One thing that can be done; every way to do it comes from here.

    scope: the screen it belongs to, or EVERYWHERE.
    name: what the screen (or the app) implements as ``do_<name>``.
    keys: by Textual's names; the first is the one that is shown.
    label: for the footer, two words at most.
    help: one sentence for the help and the palette.
    possible: asks the screen (or the app); None where it can be done now, else why not, as the
        end of the sentence "not possible: …".
    in_footer: whether it deserves room there also where that is scarce.
    """

    scope: str
    name: str
    keys: tuple[str, ...]
    label: str
    help: str
    possible: Callable[[Any], str | None] = always
    in_footer: bool = False

    @property
    def id(self) -> str:
        return f"{self.scope}.{self.name}"

    @property
    def key(self) -> str:
        """The key to show; empty where only the palette has it."""
        return key_name(self.keys[0]) if self.keys else ""

    @property
    def all_keys(self) -> str:
        return " ".join(key_name(key) for key in self.keys)


def key_name(key: str) -> str:
    """A key as people write it: ``ctrl+p`` is ^P, ``question_mark`` is ?."""
    if key.startswith("ctrl+"):
        name = key_name(key[5:])
        return f"^{name.upper() if len(name) == 1 else name}"
    if key[:1] == "f" and key[1:].isdigit():
        return key.upper()
    return KEY_NAMES.get(key, key)
