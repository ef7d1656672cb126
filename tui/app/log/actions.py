"""What can be done with a log, on every screen that shows one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ..actions import Action


class State(Protocol):
    """What these actions ask the screen."""

    def why_not_log(self, name: str) -> str | None: ...


_KEYS: tuple[tuple[str, tuple[str, ...], str, str, bool], ...] = (
    ("search", ("slash",), "Search", "Search the log for a text", True),
    ("next_match", ("n",), "Next", "Go to the next match", False),
    ("previous_match", ("N",), "Previous", "Go to the match before", False),
    ("only_matches", ("ampersand",), "Only matches", "Show only the lines that match", False),
    ("next_problem", ("e",), "Error", "Go to the next error, or warning where there are no errors",
     True),
    ("previous_problem", ("E",), "Error before", "Go to the error before", False),
    ("only_problems", ("o",), "Only errors", "Show only errors and warnings", True),
    ("next_phase", ("p",), "Phase", "Go to the next phase of the build", False),
    ("previous_phase", ("P",), "Phase before", "Go to the phase before", False),
    ("follow", ("F",), "End", "Go to the end and follow the log as it grows", True),
    ("wrap", ("w",), "Wrap", "Wrap long lines, or let them go on to the right", True),
    ("numbers", ("number_sign",), "Numbers", "Show the numbers of the lines", False),
    ("select", ("v",), "Select", "Select lines with the arrow keys", False),
    ("copy", ("y",), "Copy", "Copy the selected lines to the clipboard, over SSH too", False),
    ("save", ("s",), "Save", "Save the log, or the selected lines, to a file", False),
    ("reopen", ("R",), "Read again", "Read a file that was replaced", False),
)  # fmt: skip


def log_actions(scope: str) -> tuple[Action, ...]:
    """These actions for a screen of that scope; see ``tui.screens.log_screen``."""
    return tuple(
        Action(scope, f"log_{name}", keys, label, words, _possible(name), in_footer)
        for name, keys, label, words, in_footer in _KEYS
    )


def _possible(name: str) -> Callable[[State], str | None]:
    return lambda state: state.why_not_log(name)
