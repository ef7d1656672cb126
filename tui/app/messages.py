"""What the app tells its user besides its screens: short messages, and signs outside of it."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

from textual.app import App

from ..terminal.notifications import notification
from .app_api import app_of


class Messages:
    """The messages at the corner, and what is told outside of the program."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app

    def say(self, text: str, *, problem: bool = False) -> None:
        """Show a message; the next one replaces it, unless it tells a problem."""
        if not problem:
            self.clear()
        self._app.notify(
            app_of(self._app).terminal_display.lines(text),
            severity="error" if problem else "information",
            markup=False,
        )

    def clear(self) -> None:
        """Remove what was said before, but for problems."""
        for said in list(self._app._notifications):
            if said.severity == "information":
                self._app._unnotify(said)

    def alert(self, text: str) -> None:
        """Tell the user outside of the program, as the setting ``notify`` says."""
        app = self._app
        settings = app_of(app).session.settings
        how = settings.notify if settings is not None else "message"
        if how == "bell":
            app.bell()
        elif how != "message" and app._driver is not None and not app.is_headless:
            app._driver.write(notification(how, text, tmux=app_of(app).terminal.tmux))
            app._driver.flush()


def describe_defect(error: BaseException | None) -> str:
    """Return a defect of the program in one line, without the values of its variables.

    Textual's own report shows them all, passwords included.
    """
    from ...core.secrets import mask_secrets

    steps = traceback.extract_tb(error.__traceback__) if error is not None else []
    where = f"{Path(steps[-1].filename).name}:{steps[-1].lineno}" if steps else "somewhere"
    what = f"{type(error).__name__} in {where}: {mask_secrets(str(error))}"
    return f"pysteward has a defect; running builds continue. {what}"
