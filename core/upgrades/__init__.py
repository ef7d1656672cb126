"""Upgrades: what changes if the installations, or the policy, change.

simulate(subjects, before, after)             what would move; pure
predict(merged(questions), folder, …)         would it still install there? asks the index
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .simulation import Change, Fate, Server, Simulation, Subject, changed, simulate

if TYPE_CHECKING:
    from .asking import Answer, ask, unpacked_pip
    from .preflight import Prediction, Question, merged, predict, predictions, question, settle

__all__ = [
    "Answer",
    "Change",
    "Fate",
    "Prediction",
    "Question",
    "Server",
    "Simulation",
    "Subject",
    "ask",
    "changed",
    "merged",
    "predict",
    "predictions",
    "question",
    "settle",
    "simulate",
    "unpacked_pip",
]

_LATE = {
    **dict.fromkeys(("Answer", "ask", "unpacked_pip"), "asking"),
    **dict.fromkeys(
        ("Prediction", "Question", "merged", "predict", "predictions", "question", "settle"),
        "preflight",
    ),
}


def __getattr__(name: str) -> object:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_LATE[name]}", __name__), name)
