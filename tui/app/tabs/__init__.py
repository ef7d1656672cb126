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
    Tab("installations", "Installations", _screen("installations", "InstallationsScreen"), key="1"),
    Tab("simulator", "Simulator", _screen("simulator", "SimulatorScreen"), key="2"),
    Tab("content", "Content", _screen("content", "ContentScreen"), key="3"),
    Tab("environments", "Environments", _screen("environments", "EnvironmentsScreen"), key="9"),
    Tab("builds", "Builds", _screen("builds", "BuildsScreen"), key="4"),
    Tab("diagnosis", "Diagnosis", _screen("diagnosis", "DiagnosisScreen"), key="5"),
    Tab("settings", "Settings", _screen("settings", "SettingsScreen"), key="6"),
    Tab("upgrade", "Upgrade", _screen("upgrade", "UpgradeScreen"), key="7"),
    Tab("servers", "Servers", _screen("servers", "ServersScreen"), key="8"),
)
"""From left to right. A tab that came later has the next free key: no other changes its own."""
