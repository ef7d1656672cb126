"""What can be done on the screen of upgrades, and on that of a plan."""

from __future__ import annotations

from typing import Protocol

from ...actions import Action


class State(Protocol):
    """What these actions ask the screen."""

    def why_no_option(self) -> str | None: ...

    def why_not_removable(self) -> str | None: ...

    def why_no_change(self) -> str | None: ...

    def why_no_preflight(self) -> str | None: ...

    def why_no_stop(self) -> str | None: ...

    def why_no_apply(self) -> str | None: ...

    def why_no_plan(self) -> str | None: ...

    def why_no_content(self) -> str | None: ...


class PlanState(Protocol):
    """What the actions of a plan ask its screen."""

    def why_no_build(self) -> str | None: ...

    def why_no_resume(self) -> str | None: ...

    def why_no_retry(self) -> str | None: ...

    def why_no_stop(self) -> str | None: ...

    def why_no_abandon(self) -> str | None: ...

    def why_no_put_back(self) -> str | None: ...


def _option(state: State) -> str | None:
    return state.why_no_option()


def _removable(state: State) -> str | None:
    return state.why_not_removable()


def _change(state: State) -> str | None:
    return state.why_no_change()


def _preflight(state: State) -> str | None:
    return state.why_no_preflight()


def _stop(state: State | PlanState) -> str | None:
    return state.why_no_stop()


def _apply(state: State) -> str | None:
    return state.why_no_apply()


def _plan(state: State) -> str | None:
    return state.why_no_plan()


def _content(state: State) -> str | None:
    return state.why_no_content()


def _build(state: PlanState) -> str | None:
    return state.why_no_build()


def _resume(state: PlanState) -> str | None:
    return state.why_no_resume()


def _retry(state: PlanState) -> str | None:
    return state.why_no_retry()


def _abandon(state: PlanState) -> str | None:
    return state.why_no_abandon()


def _put_back(state: PlanState) -> str | None:
    return state.why_no_put_back()


_SCOPE = "upgrade"
_PLAN = "upgrade_plan"

ACTIONS = (
    Action(_SCOPE, "switch", ("space",), "On/off",
           "Retire the selected installation, or keep it after all", possible=_option,
           in_footer=True),
    Action(_SCOPE, "add", ("plus", "a"), "Add",
           "Add installations: versions that need not exist yet, or paths", in_footer=True),
    Action(_SCOPE, "preflight", ("f",), "Preflight",
           "Ask the index whether what moves would still install", possible=_preflight,
           in_footer=True),
    Action(_SCOPE, "apply", ("u",), "Upgrade",
           "Show the change of the settings, then do it and build again what it touches",
           possible=_apply, in_footer=True),
    Action(_SCOPE, "policy", ("p",), "Policy",
           "Try the next matching policy", in_footer=True),
    Action(_SCOPE, "plan", ("w",), "Plan",
           "Watch how far the last upgrade is", possible=_plan, in_footer=True),
    Action(_SCOPE, "stop", ("x",), "Stop",
           "Stop the preflight; what was answered is kept", possible=_stop),
    Action(_SCOPE, "filter", ("slash",), "Filter",
           "Show only the content that holds what you type"),
    Action(_SCOPE, "remove", ("minus", "delete"), "Remove",
           "Take the selected new installation away again", possible=_removable),
    Action(_SCOPE, "today", ("R",), "As today",
           "Drop the change: installations and policy as they are", possible=_change),
    Action(_SCOPE, "simulate", ("m",), "Simulate",
           "Take the request of the selected content to the simulator", possible=_content),
    Action(_PLAN, "build", ("l", "enter"), "Build",
           "Show the selected content's build with its log", possible=_build, in_footer=True),
    Action(_PLAN, "retry", ("t",), "Retry",
           "Build again what has failed", possible=_retry, in_footer=True),
    Action(_PLAN, "resume", ("r",), "Resume",
           "Go on where it was stopped or interrupted", possible=_resume, in_footer=True),
    Action(_PLAN, "stop", ("x",), "Stop",
           "Begin no more builds; those that run go on", possible=_stop, in_footer=True),
    Action(_PLAN, "put_back", ("b",), "Put back",
           "Put the selected content on its environment before this one", possible=_put_back,
           in_footer=True),
    Action(_PLAN, "abandon", ("D",), "Abandon",
           "Give up what is left of a plan that was stopped", possible=_abandon),
)  # fmt: skip
