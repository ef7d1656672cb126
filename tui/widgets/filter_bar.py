"""The filter of a list: `/` opens it, Enter keeps it, Esc clears it."""

from __future__ import annotations

from textual import events, on
from textual.containers import Horizontal
from textual.message import Message
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

    @property
    def is_open(self) -> bool:
        return not self.has_class("closed")

    async def open(self) -> None:
        """Show the field, made when it is first wanted, and take the keys."""
        if not self.children:
            await self.mount(
                Static("/", classes="label", markup=False),
                Field(placeholder="type to filter; Enter keeps it, Esc clears it"),
            )
        self.remove_class("closed")
        self.query_one(Field).focus()

    def clear(self) -> None:
        """Show everything again."""
        self.query_one(Field).value = ""
        self.add_class("closed")
        self.post_message(self.Left())

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.words = tuple(event.value.lower().split())
        self.post_message(self.Changed())

    @on(Input.Submitted)
    def _kept(self, event: Input.Submitted) -> None:
        event.stop()
        if not self.words:
            self.add_class("closed")
        self.post_message(self.Left())

    def on_key(self, event: events.Key) -> None:
        if event.key in ("down", "up"):
            self.post_message(self.Left())
            event.stop()


def holds(text: str, words: tuple[str, ...]) -> bool:
    """Whether a row's text holds every word."""
    lowered = text.lower()
    return all(word in lowered for word in words)
