"""A question before an action that no key undoes."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from ..widgets.paragraphs import Paragraph, Paragraphs
from .dialog import Dialog, hints


class Confirm(Dialog[bool]):
    """Answers True or False.

    title: the question. body: what would happen, already safe to show.
    yes, no: what the keys y and n say.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ("y", "answer(True)", ""),
        ("n,q", "answer(False)", ""),
    ]

    def __init__(
        self, title: str, body: list[Paragraph], *, yes: str = "OK", no: str = "Cancel"
    ) -> None:
        super().__init__()
        self._title = title
        self._body = body
        self._yes, self._no = yes, no

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = hints(y=self._yes, n=self._no)
            yield Paragraphs()

    def on_mount(self) -> None:
        lines = self.query_one(Paragraphs)
        lines.show(self._body)
        lines.focus()

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)

    def action_cancel(self) -> None:
        self.dismiss(False)
