"""Environments: their identity, how they are made, found again, checked and removed.

    choice = choose_installer(version, read_configuration({}), requirements)
    spec = EnvironmentSpec(executable, interpreter_identity(executable), version, …)
    path = location(state_dir, spec)
    with hold(path):                         nobody else makes or removes it meanwhile
        complete(path) or make(spec, path, steps, …)
    settle(path)                             once nobody waits any more

    plan = plan_prune(survey(state_dir, store), Criteria(unused=True), now)
    for removed in prune(plan.removals, store): …
    verify(environment)                      what is not as it was made

What a reused deploy needs is here at once; the rest is imported when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .locks import acquire, hold, lock_file
from .marker import Marker, complete, distrust, settle
from .spec import EnvironmentSpec, identity, interpreter_identity, location

if TYPE_CHECKING:
    from .children import BUILD_PATH, Rooms, child_environment
    from .configuration import Configuration, read_configuration
    from .disk import Usage, measure
    from .folders import remove_tree, take_over
    from .making import make
    from .pruning import (
        Criteria,
        Plan,
        Removal,
        Removed,
        clear_removed,
        plan_prune,
        prune,
        remove,
    )
    from .results import Complaint, Failed, Made
    from .steps import Steps
    from .surveying import Environment, survey
    from .uv import Choice, choose_installer
    from .verifying import Flaw, verify

__all__ = [
    "BUILD_PATH",
    "Choice",
    "Complaint",
    "Configuration",
    "Criteria",
    "Environment",
    "EnvironmentSpec",
    "Failed",
    "Flaw",
    "Made",
    "Marker",
    "Plan",
    "Removal",
    "Removed",
    "Rooms",
    "Steps",
    "Usage",
    "acquire",
    "child_environment",
    "choose_installer",
    "clear_removed",
    "complete",
    "distrust",
    "hold",
    "identity",
    "interpreter_identity",
    "location",
    "lock_file",
    "make",
    "measure",
    "plan_prune",
    "prune",
    "read_configuration",
    "remove",
    "remove_tree",
    "settle",
    "survey",
    "take_over",
    "verify",
]

_LATE = {
    **dict.fromkeys(("BUILD_PATH", "Rooms", "child_environment"), "children"),
    **dict.fromkeys(("remove_tree", "take_over"), "folders"),
    **dict.fromkeys(("Complaint", "Failed", "Made"), "results"),
    "Steps": "steps",
    **dict.fromkeys(("Configuration", "read_configuration"), "configuration"),
    **dict.fromkeys(("Usage", "measure"), "disk"),
    "make": "making",
    **dict.fromkeys(
        ("Criteria", "Plan", "Removal", "Removed", "clear_removed", "plan_prune", "prune"),
        "pruning",
    ),
    "remove": "pruning",
    **dict.fromkeys(("Environment", "survey"), "surveying"),
    **dict.fromkeys(("Choice", "choose_installer"), "uv"),
    **dict.fromkeys(("Flaw", "verify"), "verifying"),
}


def __getattr__(name: str) -> object:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_LATE[name]}", __name__), name)
