"""The tabs. No screen is imported before it is opened.

A new tab is an entry here, a directory with a screen, and its actions in ``registry``. A screen
that a tab opens has no entry: the tab pushes it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..app_api import Tab

if TYPE_CHECKING:
    from textual.screen import Screen


def _screen(tab: str, name: str) -> Callable[[], Screen[Any]]:
    return lambda: getattr(import_module(f".{tab}.screen", __package__), name)()


TABS = (
    Tab("installations", "Installations", _screen("installations", "InstallationsScreen")),
    Tab("simulator", "Simulator", _screen("simulator", "SimulatorScreen")),
    Tab("content", "Content", _screen("content", "ContentScreen")),
    Tab("builds", "Builds", _screen("builds", "BuildsScreen")),
    Tab("diagnosis", "Diagnosis", _screen("diagnosis", "DiagnosisScreen")),
    Tab("settings", "Settings", _screen("settings", "SettingsScreen")),
    Tab("upgrade", "Upgrade", _screen("upgrade", "UpgradeScreen")),
    Tab("servers", "Servers", _screen("servers", "ServersScreen")),
)
"""From left to right; their keys are 1, 2, 3 ..."""
