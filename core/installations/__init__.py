"""Find, probe, analyse and remedy the Pythons of a machine."""

from .analysis import TIMEOUT, analyse, cache_file
from .discover import Found, discover
from .fixes import FixRun, run_fix
from .glance import glance
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
from .startup_log import keep_log
from .system import BUILD_DEPENDENCIES, Family, family_of
from .users import User, find_user
from .unfinished import MARK as UNFINISHED_MARK
from .virtualenvs import requirements_for

__all__ = [
    "BUILD_DEPENDENCIES",
    "TIMEOUT",
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
    "family_of",
    "find_user",
    "glance",
    "keep_log",
    "requirements_for",
    "run_fix",
]
