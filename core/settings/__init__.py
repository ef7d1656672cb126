"""The settings: which file is active, what it says, and how it is changed in place.

What only a change needs is imported when it is first used: every command reads settings, few
change them.
"""

from __future__ import annotations

from ..errors import SettingsError as SettingsError  # the contract names it here
from ..lazy import face

__getattr__ = face(__name__, __file__)
