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
from .users import User, find_user

__all__ = [
    "TIMEOUT",
    "Analysis",
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
    "find_user",
    "glance",
    "keep_log",
    "run_fix",
]
