"""What can be done on the screen of installations."""

from __future__ import annotations

from typing import Protocol

from ...actions import Action


class State(Protocol):
    """What these actions ask the screen."""

    def why_no_selection(self) -> str | None: ...

    def why_no_remedy(self) -> str | None: ...

    def why_no_fix(self) -> str | None: ...

    def why_no_analysis(self) -> str | None: ...

    def why_no_discovery(self) -> str | None: ...

    def why_no_installing(self) -> str | None: ...

    def why_no_adoption(self) -> str | None: ...


def _selection(state: State) -> str | None:
    return state.why_no_selection()


def _remedy(state: State) -> str | None:
    return state.why_no_remedy()


def _fix(state: State) -> str | None:
    return state.why_no_fix()


def _analysis(state: State) -> str | None:
    return state.why_no_analysis()


def _discovery(state: State) -> str | None:
    return state.why_no_discovery()


def _installing(state: State) -> str | None:
    return state.why_no_installing()


def _adoption(state: State) -> str | None:
    return state.why_no_adoption()


_SCOPE = "installations"

ACTIONS = (
    Action(_SCOPE, "filter", ("slash",), "Filter",
           "Show only the rows that hold what you type", in_footer=True),
    Action(_SCOPE, "copy_remedy", ("y", "c"), "Copy",
           "Copy the remedy to the clipboard, over SSH too", possible=_remedy, in_footer=True),
    Action(_SCOPE, "run_remedy", ("x",), "Run",
           "Run the remedy, after a question", possible=_fix, in_footer=True),
    Action(_SCOPE, "next_problem", ("n",), "Next problem",
           "Select the next problem of this installation", possible=_remedy),
    Action(_SCOPE, "analyse", ("a",), "Analyse",
           "Examine every installation again, without the cache", possible=_analysis,
           in_footer=True),
    Action(_SCOPE, "discover", ("d",), "Discover",
           "Look for Pythons that are not configured, and add them", possible=_discovery,
           in_footer=True),
    Action(_SCOPE, "install", ("i",), "Install",
           "Install a Python from its source archive, as a build", possible=_installing),
    Action(_SCOPE, "adopt", ("plus",), "Add built",
           "Add a Python that was installed from its source to the settings",
           possible=_adoption),
    Action(_SCOPE, "log", ("l",), "Log",
           "Show the log of the start-up analysis", in_footer=True),
    Action(_SCOPE, "detail", ("enter",), "Detail",
           "Go to the detail and back", possible=_selection),
)  # fmt: skip
