"""The screens. A tab is one entry here, one module, and one file of actions; none is imported
before it is opened."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .base import StewardScreen


@dataclass(frozen=True, slots=True)
class Tab:
    """A screen that has a number key.

    name: also the scope of its actions.
    """

    name: str
    title: str
    module: str
    screen: str

    def make(self) -> StewardScreen:
        """The screen, new."""
        return getattr(import_module(f".{self.module}", __package__), self.screen)()


TABS = (Tab("installations", "Installations", "installations", "InstallationsScreen"),)
"""The tabs from left to right; their keys are 1, 2, 3 …"""
