"""The screens; none is imported before it is opened.

A tab is an entry here, a module with a StewardScreen (see ``base``), and a file of actions that
``tui.actions`` lists. A screen that a tab opens has no entry: it is pushed, and has actions too.
What only one screen needs of style goes into its own file, named by its ``CSS_PATH``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ....core.frozen import frozen

if TYPE_CHECKING:
    from ..screens.base import StewardScreen


@frozen
class Tab:
    """A screen that has a number key.

    name: also the scope of its actions.
    """

    name: str
    title: str
    screen: str

    def make(self) -> StewardScreen:
        """The screen, new."""
        return getattr(import_module(f".{self.name}.screen", __package__), self.screen)()


TABS = (
    Tab("installations", "Installations", "InstallationsScreen"),
    Tab("simulator", "Simulator", "SimulatorScreen"),
    Tab("content", "Content", "ContentScreen"),
    Tab("builds", "Builds", "BuildsScreen"),
    Tab("diagnosis", "Diagnosis", "DiagnosisScreen"),
    Tab("settings", "Settings", "SettingsScreen"),
    Tab("upgrade", "Upgrade", "UpgradeScreen"),
)
"""The tabs from left to right; their keys are 1, 2, 3 …"""
