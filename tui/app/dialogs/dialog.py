"""A box in front of a screen: what all of them share."""

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
    """Esc closes it without an answer; a click beside it too."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "cancel", "")]

    def action_cancel(self) -> None:
        self.dismiss(None)

    def action_press(self, key: str) -> None:
        """Do what that key does; see ``hints``."""
        # The app sends it, as it does a real one: a key sent from here would not come back here.
        self.app.call_later(self.app.simulate_key, key)

    def on_click(self, event: events.Click) -> None:
        if event.widget is self:
            self.dismiss(None)


def hints(**does: str) -> Content:
    """What some keys do here, for the lower border; a click does what its key does.

    does: a few words for each key, by Textual's name for it.
    """
    return Content(", ").join(
        Content.styled(
            f"{key_name(key)} {words}", Style.from_meta({"@click": f"screen.press('{key}')"})
        )
        for key, words in does.items()
    )
