"""The page of a finding's code: what it means, why it happens, how to make sure, what helps."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from .....core.diagnosis import Page
from ...app_api import app_of
from ...dialogs.dialog import Dialog, hints
from ...widgets.paragraphs import Paragraph, Paragraphs


class PageDialog(Dialog[None]):
    """``pysteward diagnose --explain CODE`` prints the same."""

    BINDINGS: ClassVar[list[BindingType]] = [("q,X", "cancel", "")]

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page

    def compose(self) -> ComposeResult:
        with Vertical(classes="box wide") as box:
            box.border_title = app_of(self).terminal_display.line(self._page.code)
            box.border_subtitle = hints(escape="Close")
            yield Paragraphs()

    def on_mount(self) -> None:
        paragraphs = self.query_one(Paragraphs)
        paragraphs.show(self._paragraphs())
        paragraphs.focus()

    def _paragraphs(self) -> list[Paragraph]:
        display = app_of(self).terminal_display
        parts = (
            ("Why it happens", self._page.why),
            ("How to make sure", self._page.check),
            ("Remedy", self._page.remedy),
            ("For the author", self._page.author),
        )
        lines = [Paragraph(Content.styled(display.line(self._page.meaning), "bold"))]
        for label, text in parts:
            if text:
                lines += [
                    Paragraph(),
                    Paragraph(Content.styled(label, "$muted")),
                    Paragraph(Content(display.line(text)), 2),
                ]
        return lines
