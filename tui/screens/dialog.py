"""A box in front of a screen: what all of them share."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import events
from textual.binding import BindingType
from textual.screen import ModalScreen

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """Esc closes it without an answer; a click beside it too."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "cancel", "")]

    def action_cancel(self) -> None:
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        if event.widget is self:
            self.dismiss(None)
