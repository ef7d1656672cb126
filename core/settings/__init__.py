"""The settings: which file is in force, what it says, and how it is changed in place.

What only a change needs is imported when it is first used: every command reads settings, few
change them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ..errors import SettingsError
from .loading import changed_on_disk, default, find, load
from .model import Origin, Settings, SettingsWarning
from .names import SETTINGS, Kind, Setting, by_name
from .prohibited import BUILT_IN_PROHIBITED

if TYPE_CHECKING:
    from .conversion import convert, write_new
    from .editing import add_value, remove_value, set_value
    from .edits import Edit

__all__ = [
    "BUILT_IN_PROHIBITED",
    "SETTINGS",
    "Edit",
    "Kind",
    "Origin",
    "Setting",
    "Settings",
    "SettingsError",
    "SettingsWarning",
    "add_value",
    "by_name",
    "changed_on_disk",
    "convert",
    "default",
    "find",
    "load",
    "remove_value",
    "set_value",
    "write_new",
]

_LATE = {
    "Edit": ".edits",
    "add_value": ".editing",
    "convert": ".conversion",
    "remove_value": ".editing",
    "set_value": ".editing",
    "write_new": ".conversion",
}


def __getattr__(name: str) -> object:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATE[name], __name__), name)
