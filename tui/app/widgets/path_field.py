"""A field for a path, completed as in a shell: Tab adds what all candidates share."""

from __future__ import annotations

import os
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from ..background import result_of
from .field import Field
from .path_suggester import PathSuggester, entries_of

_MOST_KEPT = 10
_recent: list[str] = []


def remember_path(path: str) -> None:
    """Offer a path with Up, as long as the program runs."""
    if path in _recent:
        _recent.remove(path)
    _recent.insert(0, path)
    del _recent[_MOST_KEPT:]


class PathField(Field):
    """Tab completes, Up and Down show the paths that were entered last.

    endings: of the files that are offered; directories always are.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ("tab", "complete", ""),
        ("up", "recent(1)", ""),
        ("down", "recent(-1)", ""),
    ]

    class Candidates(Message):
        """Several names fit what was typed."""

        def __init__(self, names: list[str]) -> None:
            super().__init__()
            self.names = names

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        endings: tuple[str, ...] = (),
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(value, placeholder=placeholder, id=id)
        self.suggester = PathSuggester(endings)
        self._endings = endings
        self._place = -1
        self._typed = ""

    async def action_complete(self) -> None:
        """Add what all candidates share; with nothing to add, go to the next field."""
        value = self.value
        directory, start = os.path.split(value)
        try:
            names = await result_of(
                lambda: entries_of(os.path.expanduser(directory) or ".", start, self._endings)
            )
        except OSError:
            names = []
        shared = _common_start(names)
        if value != self.value:
            return
        if len(shared) > len(start):
            self._set(os.path.join(directory, shared))
        elif len(names) < 2 or not value:
            self.screen.focus_next()
        if len(names) > 1 and value:
            self.post_message(self.Candidates(names))

    def action_recent(self, by: int) -> None:
        """Show the path that was entered before this one, or after it."""
        if self._place < 0:
            self._typed = self.value
        self._place = max(-1, min(self._place + by, len(_recent) - 1))
        self._set(self._typed if self._place < 0 else _recent[self._place])

    def _set(self, value: str) -> None:
        self.value = value
        self.cursor_position = len(value)


def named(names: list[str], most: int = 6) -> str:
    """Candidates in one line."""
    shown = "  ".join(names[:most])
    return shown if len(names) <= most else f"{shown}  and {len(names) - most:,} more"


def _common_start(names: list[str]) -> str:
    """Return the characters with which all names begin."""
    if not names:
        return ""
    first, last = min(names), max(names)
    same = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), None)
    return first[:same] if same is not None else min(first, last, key=len)
