"""Paths in few columns: what a column's paths share gives way, what tells them apart stays."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice

from rich.cells import cell_len

from ...terminal.display import Display

_MOST_LOOKED_AT = 2_000
# Of parts that are equally rare the one with a version says most of a Python.
_VERSION = re.compile(r"\d\.\d")


class SharedParts:
    """How many paths of a column hold each part between slashes."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._counts = Counter[str]()
        for text in islice(texts, _MOST_LOOKED_AT):
            if text.startswith("/"):
                self._counts.update(set(text.split("/")))

    def shorten(self, text: str, width: int, display: Display) -> str:
        """Return a text in so many columns. What is not a path loses its middle."""
        if cell_len(text) <= width or not text.startswith("/"):
            return display.shorten(text, width)
        parts = text.split("/")
        # The most frequent go first, of these the first; the rarest stays.
        order = sorted(range(1, len(parts)), key=lambda number: self._rank(parts[number], number))
        hidden: set[int] = set()
        for number in order[:-1]:
            # What a path begins with goes with its root.
            hidden |= {number, number - 1} if number == 1 else {number}
            shown = _without(parts, hidden, display)
            if cell_len(shown) <= width:
                return shown
        return display.shorten(parts[order[-1]], width)

    def _rank(self, part: str, number: int) -> tuple[int, bool, int]:
        return (-self._counts[part], _VERSION.search(part) is not None, number)


def _without(parts: list[str], hidden: set[int], display: Display) -> str:
    """Return the path with one sign for each run of hidden parts."""
    # A tilde before a slash would be a user's home.
    sign = display.more if display.unicode else "..."
    shown = [
        sign if number in hidden else part
        for number, part in enumerate(parts)
        if number not in hidden or number - 1 not in hidden
    ]
    return "/".join(shown)
