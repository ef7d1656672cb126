"""The log viewer alone in an app that is as much of an ``AppApi`` as it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from textual.app import App, ComposeResult

from pysteward.tui.app.actions import bindings_of
from pysteward.tui.app.log.actions import LOG_ACTIONS
from pysteward.tui.app.log.commands import LogCommands
from pysteward.tui.app.log.panel import LogPanel
from pysteward.tui.app.themes import THEMES
from pysteward.tui.terminal.display import Display


class Stage(App[None]):
    """Shows one log; the keys are those of the registry."""

    BINDINGS: ClassVar[Any] = [*bindings_of(LOG_ACTIONS), ("escape", "back", "")]

    def __init__(
        self, path: Path | None = None, *, display: Display | None = None, **how: Any
    ) -> None:
        super().__init__()
        self.terminal_display = display or Display()
        self.said: list[str] = []
        self.copied = ""
        self._path, self._how = path, how
        self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "steward-dark"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return {"muted": "gray", "disabled": "gray"}

    def compose(self) -> ComposeResult:
        yield LogPanel(self.terminal_display)

    def on_mount(self) -> None:
        self.panel.view.focus()
        if self._path is not None:
            self.panel.open(self._path, **self._how)

    @property
    def panel(self) -> LogPanel:
        return self.query_one(LogPanel)

    @property
    def log_commands(self) -> LogCommands:
        return self.panel.commands

    def action_act(self, action_id: str) -> None:
        action = next(action for action in LOG_ACTIONS if action.id == action_id)
        reason = action.why_not(self)
        if reason is not None:
            self.say(f"Not possible: {reason}.")
            return
        action.run(self)

    def action_back(self) -> None:
        self.panel.go_back()

    def say(self, text: str, *, problem: bool = False) -> None:
        self.said.append(text)

    def copy(self, text: str, what: str) -> None:
        self.copied = text

    # What tests ask

    @property
    def lines(self) -> list[str]:
        """The screen lines of the log, as they are painted."""
        view = self.panel.view
        return [view.render_line(y).text.rstrip() for y in range(view.size.height)]

    @property
    def status(self) -> str:
        from pysteward.tui.app.log.status import LogStatus

        return self.panel.query_one(LogStatus).text
