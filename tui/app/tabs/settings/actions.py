"""What can be done on the screen of settings."""

from __future__ import annotations

from typing import Protocol

from ...actions import Action


class State(Protocol):
    """What these actions ask the screen."""

    def why_no_edit(self) -> str | None: ...

    def why_no_add(self) -> str | None: ...

    def why_no_remove(self) -> str | None: ...

    def why_no_item(self) -> str | None: ...


def _edit(state: State) -> str | None:
    return state.why_no_edit()


def _add(state: State) -> str | None:
    return state.why_no_add()


def _remove(state: State) -> str | None:
    return state.why_no_remove()


def _item(state: State) -> str | None:
    return state.why_no_item()


_SCOPE = "settings"

ACTIONS = (
    Action(_SCOPE, "edit", ("e", "enter"), "Edit",
           "Change this setting; the change is shown before it is written", possible=_edit,
           in_footer=True),
    Action(_SCOPE, "add", ("a", "plus"), "Add",
           "Add an item to this list or table", possible=_add, in_footer=True),
    Action(_SCOPE, "remove", ("delete", "minus"), "Remove",
           "Remove the marked item, or the setting, so that its default holds", possible=_remove,
           in_footer=True),
    Action(_SCOPE, "next_item", ("n",), "Next item",
           "Mark the next item of this list", possible=_item, in_footer=True),
    Action(_SCOPE, "filter", ("slash",), "Filter",
           "Show only the rows that hold what you type", in_footer=True),
)  # fmt: skip
