"""The filter of a list: `/` opens it, Enter keeps it, Esc clears it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from textual import events, on
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from .columns import Column, Row
from .field import Field


class FilterBar(Horizontal):
    """A field under a list, hidden while nothing is filtered.

    words: what every row shown must hold, lower case; see ``matches``.
    example: of a word for one column, such as ``python:3.8``.
    """

    class Changed(Message):
        """There is another text to filter by."""

    class Left(Message):
        """The field was left; the list should have the keys again."""

    DEFAULT_CLASSES = "closed"

    def __init__(self, example: str = "") -> None:
        super().__init__()
        self._example = example
        self.words: tuple[str, ...] = ()
        self._back: Widget | None = None

    @property
    def is_open(self) -> bool:
        return not self.has_class("closed")

    @property
    def _hint(self) -> str:
        return f"words, or {self._example}" if self._example else "type to filter"

    async def open(self) -> None:
        """Show the field, made when it is first wanted, and take the keys."""
        self._back = self.screen.focused
        if not self.children:
            await self.mount(
                Static("/", classes="label", markup=False),
                Field(placeholder=f"{self._hint}; Enter keeps it, Esc clears it"),
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


def matches(fields: Mapping[str, str], words: tuple[str, ...]) -> bool:
    """Return whether a row matches every word.

    fields: its texts by the names of their columns. ``python:3.8`` looks in one column only; where
    there is no such column it is a word like any other, which looks in all.
    """
    return all(_matches(fields, word) for word in words)


def fields_of(columns: Sequence[Column], row: Row) -> dict[str, str]:
    """Return the texts of a row by the names of its columns."""
    return {
        name: cell.text
        for column, cell in zip(columns, row.cells, strict=True)
        for name in column.fields
    }


def _matches(fields: Mapping[str, str], word: str) -> bool:
    name, colon, value = word.partition(":")
    if not colon or name not in fields:
        return any(word in text.lower() for text in fields.values())
    text = fields[name].lower()
    if not value[:1].isdigit():
        return value in text
    # Not 3.8 in 13.8.1.
    return re.search(rf"(?<![\d.]){re.escape(value)}", text) is not None
