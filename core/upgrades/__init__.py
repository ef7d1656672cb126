"""Upgrades: what changes if the installations, or the policy, change.

    simulate(subjects, before, after)            what would move; pure
    predict(questions_of(…), folder, pip, …)     would it still install there? asks the index
    edits_for(settings, changes)                 the change, to be shown and written
    begin(site, touched(site))                   a plan, which a process of its own works on
    ensure(site, name)                           content before its use: ready, or being built
    put_back(state_dir, name)                    content on the environment before this one

Everything is imported when it is first asked for: `ensure` is called before each use of content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .asking import (
        Answer,
        ask,
    )
    from .changing import (
        Changes,
        edits_for,
    )
    from .ensuring import (
        Ensured,
        ensure,
        put_back,
        ready,
    )
    from .needs import (
        Need,
        Urgency,
        need_of,
    )
    from .plan import (
        Plan,
        PlanFile,
        State,
        Step,
    )
    from .plan import (
        as_json as plan_as_json,
    )
    from .planning import (
        ORDER,
        abandon,
        begin,
        insist_that_one_may_begin,
        last_plan,
        resume,
        touched,
    )
    from .preflight import (
        Prediction,
        Question,
        merged,
        predict,
        predictions,
        question,
        settle,
    )
    from .preflight import (
        as_json as prediction_as_json,
    )
    from .running_pip import (
        Pip,
        prepared,
        unpacked_pip,
    )
    from .settling import (
        folder_of,
        settled_predictions,
    )
    from .simulation import Change, Fate, Server, Simulation, Subject, changed, simulate
    from .subjects import (
        Bundles,
        deployed,
        in_folder,
        questions_of,
    )

__all__ = [
    "ORDER",
    "Answer",
    "Bundles",
    "Change",
    "Changes",
    "Ensured",
    "Fate",
    "Need",
    "Pip",
    "Plan",
    "PlanFile",
    "Prediction",
    "Question",
    "Server",
    "Simulation",
    "State",
    "Step",
    "Subject",
    "Urgency",
    "abandon",
    "ask",
    "begin",
    "changed",
    "deployed",
    "edits_for",
    "ensure",
    "folder_of",
    "in_folder",
    "insist_that_one_may_begin",
    "last_plan",
    "merged",
    "need_of",
    "plan_as_json",
    "predict",
    "prediction_as_json",
    "predictions",
    "prepared",
    "put_back",
    "question",
    "questions_of",
    "ready",
    "resume",
    "settle",
    "settled_predictions",
    "simulate",
    "touched",
    "unpacked_pip",
]

_LATE = {
    name: module
    for module, names in {
        "asking": (
            "Answer",
            "ask",
        ),
        "changing": (
            "Changes",
            "edits_for",
        ),
        "ensuring": (
            "Ensured",
            "ensure",
            "put_back",
            "ready",
        ),
        "needs": (
            "Need",
            "Urgency",
            "need_of",
        ),
        "plan": (
            "Plan",
            "PlanFile",
            "State",
            "Step",
        ),
        "planning": (
            "ORDER",
            "abandon",
            "begin",
            "insist_that_one_may_begin",
            "last_plan",
            "resume",
            "touched",
        ),
        "preflight": (
            "Prediction",
            "Question",
            "merged",
            "predict",
            "predictions",
            "question",
            "settle",
        ),
        "running_pip": (
            "Pip",
            "prepared",
            "unpacked_pip",
        ),
        "settling": (
            "folder_of",
            "settled_predictions",
        ),
        "simulation": (
            *("Change", "Fate", "Server", "Simulation", "Subject", "changed", "simulate"),
        ),
        "subjects": (
            "Bundles",
            "deployed",
            "in_folder",
            "questions_of",
        ),
    }.items()
    for name in names
}
_RENAMED = {"plan_as_json": ("plan", "as_json"), "prediction_as_json": ("preflight", "as_json")}


def __getattr__(name: str) -> object:
    module, own_name = _RENAMED.get(name) or (_LATE.get(name), name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{module}", __name__), own_name)
