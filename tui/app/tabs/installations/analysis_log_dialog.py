"""The log of the start-up analysis."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from ...app_api import app_of
from ...dialogs.dialog import Dialog, hints
from ...widgets.paragraphs import Paragraph, Paragraphs


class AnalysisLogDialog(Dialog[None]):
    """Each configured installation, its version, and whether it is usable, with times."""

    BINDINGS: ClassVar[list[BindingType]] = [("q,l", "cancel", ""), ("y,c", "copy", "")]

    def compose(self) -> ComposeResult:
        with Vertical(classes="box full") as box:
            box.border_title = "Start-up analysis"
            box.border_subtitle = hints(y="Copy", escape="Close")
            yield Paragraphs()

    def on_mount(self) -> None:
        session, display = app_of(self).session, app_of(self).terminal_display
        log = session.log or ("The analysis is still running.",)
        lines = self.query_one(Paragraphs)
        lines.show([Paragraph(Content(display.line(text)), hang=4) for text in log])
        lines.focus()

    def action_copy(self) -> None:
        app_of(self).copy("\n".join(app_of(self).session.log), "the log")
