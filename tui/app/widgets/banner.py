"""The notice that every screen shows while it holds, such as settings changed on disk."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.widget import Widget

from ..app_api import app_of


class Banner(Widget):
    """One line, gone while there is nothing to say. A click does what it offers."""

    def on_mount(self) -> None:
        self.update()

    def update(self) -> None:
        """Show the notice of the session as it is now."""
        self.display = app_of(self).session.notice is not None
        self.refresh()

    def render(self) -> Content:
        notice, display = app_of(self).session.notice, app_of(self).terminal_display
        return Content(f" {display.doubtful} {display.line(notice or '')}")

    def on_click(self, _event: events.Click) -> None:
        app_of(self).act("everywhere.reload")
