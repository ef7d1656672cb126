"""What can be done on the screen of builds."""

from __future__ import annotations

from typing import Protocol

from ...actions import Action


class State(Protocol):
    """What these actions ask the screen."""

    def why_no_build(self) -> str | None: ...

    def why_no_cancel(self) -> str | None: ...

    def why_no_retry(self) -> str | None: ...

    def why_no_export(self) -> str | None: ...


def _build(state: State) -> str | None:
    return state.why_no_build()


def _cancel(state: State) -> str | None:
    return state.why_no_cancel()


def _retry(state: State) -> str | None:
    return state.why_no_retry()


def _export(state: State) -> str | None:
    return state.why_no_export()


_SCOPE = "builds"

ACTIONS = (
    Action(_SCOPE, "filter", ("slash",), "Filter",
           "Show only the builds that hold what you type", in_footer=True),
    Action(_SCOPE, "show", ("enter",), "Log",
           "Show the build with its log, live while it runs", possible=_build, in_footer=True),
    Action(_SCOPE, "cancel", ("c",), "Cancel",
           "End the build with all its processes, after a question", possible=_cancel,
           in_footer=True),
    Action(_SCOPE, "retry", ("r",), "Retry",
           "Build the same once more, after a question", possible=_retry, in_footer=True),
    Action(_SCOPE, "diagnose", ("d",), "Diagnosis",
           "Show the findings beside the log", possible=_build, in_footer=True),
    Action(_SCOPE, "export", ("x",), "Export",
           "Write the build's record into one file, to give to somebody", possible=_export),
    Action(_SCOPE, "open", ("o", "O"), "Open",
           "Open a build's record that was exported elsewhere", in_footer=True),
    Action(_SCOPE, "detail", ("tab",), "Detail",
           "Go to the detail and back", possible=_build),
)  # fmt: skip


class OneState(Protocol):
    """What the actions of the screen of one build ask it."""

    def why_no_cancel(self) -> str | None: ...

    def why_no_retry(self) -> str | None: ...

    def why_no_export(self) -> str | None: ...

    def why_no_diagnosis(self) -> str | None: ...

    def why_no_replay(self) -> str | None: ...

    def why_no_speed(self) -> str | None: ...

    def why_not_log(self, name: str) -> str | None: ...


def _diagnosis(state: OneState) -> str | None:
    return state.why_no_diagnosis()


def _replay(state: OneState) -> str | None:
    return state.why_no_replay()


def _speed(state: OneState) -> str | None:
    return state.why_no_speed()


_ONE = "build"

ONE_ACTIONS = (
    Action(_ONE, "cancel", ("c",), "Cancel",
           "End the build with all its processes, after a question", possible=_cancel,
           in_footer=True),
    Action(_ONE, "retry", ("r",), "Retry",
           "Build the same once more, after a question", possible=_retry, in_footer=True),
    Action(_ONE, "diagnose", ("d",), "Diagnosis",
           "Show the findings beside the log", possible=_diagnosis, in_footer=True),
    Action(_ONE, "replay", ("t",), "Replay",
           "Play the build again as it went, or stop that", possible=_replay),
    Action(_ONE, "faster", ("plus",), "Faster",
           "Replay at twice the speed", possible=_speed),
    Action(_ONE, "slower", ("minus",), "Slower",
           "Replay at half the speed", possible=_speed),
    Action(_ONE, "export", ("x",), "Export",
           "Write the build's record into one file, to give to somebody", possible=_export),
)  # fmt: skip
