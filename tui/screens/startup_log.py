"""The log of the start-up analysis."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from ..house import house
from ..widgets.lines import Line, Lines
from .dialog import Dialog, hints


class StartupLog(Dialog[None]):
    """Each installation given, its version, and whether it can be used, with times."""

    BINDINGS: ClassVar[list[BindingType]] = [("q,l", "cancel", ""), ("y,c", "copy", "")]

    def compose(self) -> ComposeResult:
        with Vertical(classes="box full") as box:
            box.border_title = "Start-up analysis"
            box.border_subtitle = hints(y="copies", escape="closes")
            yield Lines()

    def on_mount(self) -> None:
        session, looks = house(self).session, house(self).looks
        log = session.log or ("The analysis is still running.",)
        lines = self.query_one(Lines)
        lines.show([Line(Content(looks.line(text)), hang=4) for text in log])
        lines.focus()

    def action_copy(self) -> None:
        house(self).copy("\n".join(house(self).session.log), "the log")
