"""The filter of a list: `/` opens it, Enter keeps it, Esc clears it."""

from __future__ import annotations

from textual import events, on
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from .field import Field


class FilterBar(Horizontal):
    """A field under a list, hidden while nothing is filtered.

    words: what every row shown must hold, lower case.
    """

    class Changed(Message):
        """There is another text to filter by."""

    class Left(Message):
        """The field was left; the list should have the keys again."""

    DEFAULT_CLASSES = "closed"

    def __init__(self) -> None:
        super().__init__()
        self.words: tuple[str, ...] = ()
        self._back: Widget | None = None

    @property
    def is_open(self) -> bool:
        return not self.has_class("closed")

    async def open(self) -> None:
        """Show the field, made when it is first wanted, and take the keys."""
        self._back = self.screen.focused
        if not self.children:
            await self.mount(
                Static("/", classes="label", markup=False),
                Field(placeholder="type to filter; Enter keeps it, Esc clears it"),
            )
        self.remove_class("closed")
        self.screen.set_focus(self.query_one(Field))

    def clear(self) -> None:
        """Show everything again."""
        self.query_one(Field).value = ""
        self.add_class("closed")
        self._leave()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.words = tuple(event.value.lower().split())
        self.post_message(self.Changed())

    def on_key(self, event: events.Key) -> None:
        if event.key not in ("down", "up", "enter"):
            return
        event.stop()
        event.prevent_default()
        if event.key == "enter" and not self.query_one(Field).value.strip():
            self.add_class("closed")
        self._leave()

    def _leave(self) -> None:
        """Give the keys back at once, for the next one may have been typed already."""
        self.screen.set_focus(self._back)
        self.post_message(self.Left())


def holds(text: str, words: tuple[str, ...]) -> bool:
    """Return whether a row's text holds every word."""
    lowered = text.lower()
    return all(word in lowered for word in words)
