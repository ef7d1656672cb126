"""The base of all dialogs: a box in front of a screen."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.style import Style

from ..actions import key_name

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """Esc and a click beside the box close it without an answer."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "cancel", "")]

    def action_cancel(self) -> None:
        self.dismiss(None)

    def action_press(self, key: str) -> None:
        """Press a key; see ``hints``."""
        # Sent by the app, as a real key is: one sent from here would not come back here.
        self.app.call_later(self.app.simulate_key, key)

    def on_click(self, event: events.Click) -> None:
        if event.widget is self:
            self.dismiss(None)


def hints(**does: str) -> Content:
    """Some keys and what they do, for the lower border; a click presses the key.

    does: a few words for each key, by Textual's name of the key.
    """
    return Content(", ").join(
        Content.styled(
            f"{key_name(key)} {words}", Style.from_meta({"@click": f"screen.press('{key}')"})
        )
        for key, words in does.items()
    )
