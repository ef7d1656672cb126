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
            box.border_title = Content(app_of(self).looks.line(self._scenario.title, 60))
            box.border_subtitle = hints(enter="goes on")
            yield Paragraphs()

    def on_mount(self) -> None:
        looks = app_of(self).looks
        paragraphs = self._scenario.notes.strip().split("\n\n")
        lines: list[Paragraph] = []
        for paragraph in paragraphs:
            # A line end inside a paragraph is the file's, not the speaker's.
            lines += [Paragraph(Content(looks.line(" ".join(paragraph.split())))), Paragraph()]
        lines.append(Paragraph(Content.styled("Its requests", "$muted")))
        lines += [
            Paragraph(Content(looks.line(request.text)), indent=2)
            for request in self._scenario.requests
        ]
        view = self.query_one(Paragraphs)
        view.show(lines)
        view.focus()
