"""The notes of a scenario, for the audience."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from .....core.scenarios import Scenario
from ...app_api import app_of
from ...dialogs.dialog import Dialog, hints
from ...widgets.paragraphs import Paragraph, Paragraphs


class Notes(Dialog[None]):
    """Title, notes, and the requests with theirs."""

    BINDINGS: ClassVar[list[BindingType]] = [("enter,q,m", "cancel", "")]

    def __init__(self, scenario: Scenario) -> None:
        super().__init__()
        self._scenario = scenario

    def compose(self) -> ComposeResult:
        with Vertical(classes="box wide") as box:
            box.border_title = Content(app_of(self).terminal_display.line(self._scenario.title, 60))
            box.border_subtitle = hints(enter="Continue")
            yield Paragraphs()

    def on_mount(self) -> None:
        display = app_of(self).terminal_display
        paragraphs = self._scenario.notes.strip().split("\n\n")
        lines: list[Paragraph] = []
        for paragraph in paragraphs:
            # A line end inside a paragraph only wraps the file.
            lines += [Paragraph(Content(display.line(" ".join(paragraph.split())))), Paragraph()]
        lines.append(Paragraph(Content.styled("Its requests", "$muted")))
        lines += [
            Paragraph(Content(display.line(request.text)), indent=2)
            for request in self._scenario.requests
        ]
        view = self.query_one(Paragraphs)
        view.show(lines)
        view.focus()
