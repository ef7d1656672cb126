"""The filter of a list: `/` opens it, Enter keeps it, Esc clears it."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from .field import Field


class FilterBar(Horizontal):
    """A field under a list, hidden while nothing is filtered."""

    class Changed(Message):
        """Another text to filter by."""

        def __init__(self, words: tuple[str, ...]) -> None:
            super().__init__()
            self.words = words

    class Left(Message):
        """The field was left; the list should have the keys again."""

    def compose(self) -> ComposeResult:
        yield Static("/", classes="label", markup=False)
        yield Field(placeholder="type to filter; Enter keeps it, Esc clears it")

    def on_mount(self) -> None:
        self.display = False

    @property
    def words(self) -> tuple[str, ...]:
        """What every row shown must hold, lower case."""
        return tuple(self.query_one(Input).value.lower().split())

    @property
    def is_open(self) -> bool:
        return self.display

    def open(self) -> None:
        """Show the field and take the keys."""
        self.display = True
        self.query_one(Input).focus()

    def clear(self) -> None:
        """Show everything again."""
        self.query_one(Input).value = ""
        self.display = False
        self.post_message(self.Left())

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(self.words))

    @on(Input.Submitted)
    def _kept(self, event: Input.Submitted) -> None:
        event.stop()
        if not self.words:
            self.display = False
        self.post_message(self.Left())

    def on_key(self, event: events.Key) -> None:
        if event.key in ("down", "up"):
            self.post_message(self.Left())
            event.stop()


def holds(text: str, words: tuple[str, ...]) -> bool:
    """Whether a row's text holds every word."""
    lowered = text.lower()
    return all(word in lowered for word in words)
