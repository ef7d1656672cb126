"""What can be done in the simulator, and in its quiz."""

from __future__ import annotations

from typing import Protocol

from ...actions import Action


class State(Protocol):
    """What these actions ask the screen."""

    def why_no_installation(self) -> str | None: ...

    def why_not_removable(self) -> str | None: ...

    def why_no_decision(self) -> str | None: ...

    def why_no_next_step(self) -> str | None: ...

    def why_no_previous_step(self) -> str | None: ...

    def why_no_requests(self) -> str | None: ...

    def why_no_notes(self) -> str | None: ...


class QuizState(Protocol):
    """What the quiz' actions ask its screen."""

    def why_no_answer(self) -> str | None: ...

    def why_no_next(self) -> str | None: ...


def _installation(state: State) -> str | None:
    return state.why_no_installation()


def _removable(state: State) -> str | None:
    return state.why_not_removable()


def _decision(state: State) -> str | None:
    return state.why_no_decision()


def _next_step(state: State) -> str | None:
    return state.why_no_next_step()


def _previous_step(state: State) -> str | None:
    return state.why_no_previous_step()


def _requests(state: State) -> str | None:
    return state.why_no_requests()


def _notes(state: State) -> str | None:
    return state.why_no_notes()


def _answer(state: QuizState) -> str | None:
    return state.why_no_answer()


def _next(state: QuizState) -> str | None:
    return state.why_no_next()


_SCOPE = "simulator"
_QUIZ = "quiz"

ACTIONS = (
    Action(_SCOPE, "request", ("r", "i"), "Request",
           "Type a request; the answer is there while you type", in_footer=True),
    Action(_SCOPE, "switch", ("space",), "On/off",
           "Switch the selected installation on or off", possible=_installation, in_footer=True),
    Action(_SCOPE, "add", ("plus", "a"), "Add",
           "Add installations that do not exist", in_footer=True),
    Action(_SCOPE, "policy", ("p",), "Policy",
           "Decide under the next policy", in_footer=True),
    Action(_SCOPE, "step", ("s",), "Step",
           "Show one rule at a time, for teaching; again shows all", possible=_decision,
           in_footer=True),
    Action(_SCOPE, "next_step", ("n", "right"), "Next rule",
           "Try the next rule", possible=_next_step),
    Action(_SCOPE, "previous_step", ("N", "left"), "Rule before",
           "Go back to the rule before", possible=_previous_step),
    Action(_SCOPE, "quiz", ("z",), "Quiz",
           "Be asked for the answer before it is shown", in_footer=True),
    Action(_SCOPE, "open", ("o",), "Open",
           "Open a scenario: a built-in one, or a file", in_footer=True),
    Action(_SCOPE, "save", ("w",), "Save",
           "Save installations, policy and request as a scenario, with notes"),
    Action(_SCOPE, "bundle", ("b",), "Bundle",
           "Take the request from a bundle"),
    Action(_SCOPE, "next_request", ("full_stop", "greater_than_sign"), "Next request",
           "Ask the next request of the scenario", possible=_requests),
    Action(_SCOPE, "previous_request", ("comma", "less_than_sign"), "Request before",
           "Ask the request of the scenario before this one", possible=_requests),
    Action(_SCOPE, "notes", ("m",), "Notes",
           "Show the notes of the scenario", possible=_notes),
    Action(_SCOPE, "remove", ("minus", "delete"), "Remove",
           "Take the selected hypothetical installation away", possible=_removable),
    Action(_SCOPE, "all_on", ("A",), "All on",
           "Switch every installation on, or all of them off"),
    Action(_SCOPE, "real", ("R",), "Real",
           "Go back to the real installations and their policy"),
    Action(_SCOPE, "tour", ("t",), "Tour",
           "Take the tour of how matching decides"),
    Action(_QUIZ, "answer", ("enter", "space"), "Answer",
           "Say that the selected one is chosen", possible=_answer, in_footer=True),
    Action(_QUIZ, "none", ("0", "x"), "None of them",
           "Say that nothing matches", possible=_answer, in_footer=True),
    Action(_QUIZ, "next", ("n", "right"), "Next",
           "Go to the next question", possible=_next, in_footer=True),
)  # fmt: skip
