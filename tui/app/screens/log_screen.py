"""What screens with a log have in common."""

from __future__ import annotations

from textual import on

from ..log.commands import LogCommands
from ..log.panel import LogPanel
from .base import StewardScreen


class LogScreen(StewardScreen):
    """A screen with a log; its actions hold the log's, which the panel's commands do."""

    def __init__(self) -> None:
        super().__init__()
        self._impossible: tuple[str | None, ...] = ()

    @property
    def log_panel(self) -> LogPanel:
        return self.query_one(LogPanel)

    @property
    def log_commands(self) -> LogCommands:
        return self.log_panel.commands

    def terminal_answered(self) -> None:
        self.log_panel.terminal_answered()

    @on(LogPanel.Changed)
    def _log_changed(self) -> None:
        """Paint the footer again only where it says something else."""
        impossible = tuple(action.why_not(self) for action in self.actions)
        if impossible != self._impossible:
            self._impossible = impossible
            self.actions_changed()
