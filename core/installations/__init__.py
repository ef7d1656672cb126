"""Find, probe, analyse and remedy the Pythons of a machine.

What each of them needs is imported when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from .model import (
    Analysis,
    Fix,
    Installation,
    Interpreter,
    Module,
    Origin,
    Package,
    Problem,
    Severity,
    candidates,
)

if TYPE_CHECKING:
    from .analysis import analyse, cache_file
    from .children import end_runs
    from .discovery import Found, discover
    from .fixes import FixRun, run_fix
    from .glancing import glance
    from .startup_log import keep_log
    from .system import BUILD_DEPENDENCIES, Family, family_of
    from .unfinished import MARK as UNFINISHED_MARK
    from .users import User, find_user
    from .virtualenvs import requirements_for

__all__ = [
    "BUILD_DEPENDENCIES",
    "UNFINISHED_MARK",
    "Analysis",
    "Family",
    "Fix",
    "FixRun",
    "Found",
    "Installation",
    "Interpreter",
    "Module",
    "Origin",
    "Package",
    "Problem",
    "Severity",
    "User",
    "analyse",
    "cache_file",
    "candidates",
    "discover",
    "end_runs",
    "family_of",
    "find_user",
    "glance",
    "keep_log",
    "requirements_for",
    "run_fix",
]

_LATE = {
    "BUILD_DEPENDENCIES": (".system", "BUILD_DEPENDENCIES"),
    "Family": (".system", "Family"),
    "FixRun": (".fixes", "FixRun"),
    "Found": (".discovery", "Found"),
    "UNFINISHED_MARK": (".unfinished", "MARK"),
    "User": (".users", "User"),
    "analyse": (".analysis", "analyse"),
    "cache_file": (".analysis", "cache_file"),
    "discover": (".discovery", "discover"),
    "end_runs": (".children", "end_runs"),
    "family_of": (".system", "family_of"),
    "find_user": (".users", "find_user"),
    "glance": (".glancing", "glance"),
    "keep_log": (".startup_log", "keep_log"),
    "requirements_for": (".virtualenvs", "requirements_for"),
    "run_fix": (".fixes", "run_fix"),
}


def __getattr__(name: str) -> object:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, named = _LATE[name]
    return getattr(import_module(module, __name__), named)
