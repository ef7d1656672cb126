"""What can be done on every screen."""

from __future__ import annotations

from typing import Protocol

from .actions import EVERYWHERE, Action


class State(Protocol):
    """What these actions ask the app."""

    def why_no_reload(self) -> str | None: ...

    def why_no_theme(self) -> str | None: ...

    def why_no_back(self) -> str | None: ...


def _reload(state: State) -> str | None:
    return state.why_no_reload()


def _theme(state: State) -> str | None:
    return state.why_no_theme()


def _back(state: State) -> str | None:
    return state.why_no_back()


ACTIONS = (
    Action(EVERYWHERE, "help", ("question_mark", "f1"), "Help",
           "Show the keys of this screen", in_footer=True),
    Action(EVERYWHERE, "palette", ("colon", "ctrl+p"), "Menu",
           "Find an action by its name and run it", in_footer=True),
    Action(EVERYWHERE, "quit", ("q", "ctrl+q"), "Quit",
           "Leave; builds that run go on", in_footer=True),
    Action(EVERYWHERE, "back", ("escape",), "Back",
           "Go back: close what is open, clear the filter, leave the field", possible=_back),
    Action(EVERYWHERE, "reload", ("ctrl+r",), "Reload",
           "Read the settings again and analyse what changed", possible=_reload),
    Action(EVERYWHERE, "theme", ("ctrl+t",), "Theme",
           "Choose the colours, the terminal's own among them", possible=_theme),
    Action(EVERYWHERE, "next_tab", ("ctrl+pagedown", "right_square_bracket"), "Next tab",
           "Go to the next tab"),
    Action(EVERYWHERE, "previous_tab", ("ctrl+pageup", "left_square_bracket"), "Previous tab",
           "Go to the tab before"),
)  # fmt: skip
