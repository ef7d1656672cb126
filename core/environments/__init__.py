"""Environments: their identity, how they are made, found again, checked and removed.

What a reused deploy needs is here at once; the rest is imported when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .locks import hold
from .marker import Marker, complete, settle
from .results import Complaint, Failed, Made
from .spec import EnvironmentSpec, identity, interpreter_identity, location
from .steps import Steps

if TYPE_CHECKING:
    from .making import make

__all__ = [
    "Complaint",
    "EnvironmentSpec",
    "Failed",
    "Made",
    "Marker",
    "Steps",
    "complete",
    "hold",
    "identity",
    "interpreter_identity",
    "location",
    "make",
    "settle",
]

_LATE = {"make": "making"}


def __getattr__(name: str) -> object:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_LATE[name]}", __name__), name)
