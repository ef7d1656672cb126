"""Environments: their identity, how they are made, found again, checked and removed.

What a reused deploy needs is here at once; the rest is imported when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .locks import acquire, hold, lock_file
from .marker import Marker, complete, settle
from .results import Complaint, Failed, Made
from .spec import EnvironmentSpec, identity, interpreter_identity, location
from .steps import Steps

if TYPE_CHECKING:
    from .configuration import Configuration, read_configuration
    from .making import make
    from .uv import Choice, choose_installer

__all__ = [
    "Choice",
    "Complaint",
    "Configuration",
    "EnvironmentSpec",
    "Failed",
    "Made",
    "Marker",
    "Steps",
    "acquire",
    "choose_installer",
    "complete",
    "hold",
    "identity",
    "interpreter_identity",
    "location",
    "lock_file",
    "make",
    "read_configuration",
    "settle",
]

_LATE = {
    "Choice": "uv",
    "Configuration": "configuration",
    "choose_installer": "uv",
    "make": "making",
    "read_configuration": "configuration",
}


def __getattr__(name: str) -> object:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_LATE[name]}", __name__), name)
