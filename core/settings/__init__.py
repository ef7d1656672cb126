"""The settings: which file is in force, what it says, and how it is changed in place."""

from __future__ import annotations

from ..errors import SettingsError
from .loading import changed_on_disk, default, find, load
from .model import Origin, Settings, SettingsWarning
from .prohibited import BUILT_IN_PROHIBITED

__all__ = [
    "BUILT_IN_PROHIBITED",
    "Origin",
    "Settings",
    "SettingsError",
    "SettingsWarning",
    "changed_on_disk",
    "default",
    "find",
    "load",
]
