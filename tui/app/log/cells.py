"""A line of safe text as the terminal's cells: its width, a part of it, where it wraps.

Most lines are ASCII, where a character is a cell; only others are measured, once.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

from rich.cells import get_character_cell_size

from ....core.safe_text import SafeText


class Cells:
    """A line that can be cut at any cell."""

    def __init__(self, text: SafeText) -> None:
        self.text = text
        self._plain = text.isascii()
        self._wraps: tuple[int, list[int]] = (0, [])

    @cached_property
    def _ends(self) -> list[int]:
        """The cell after each character."""
        return list(accumulate(map(get_character_cell_size, self.text)))

    @property
    def width(self) -> int:
        """Cells from the first to the last."""
        if self._plain:
            return len(self.text)
        return self._ends[-1] if self._ends else 0

    def cut(self, cell: int, width: int) -> tuple[int, int, int]:
        """Return what can be seen in so many cells from one on.

        Returns the first character, the one after the last, and how many cells the second half
        of a wide character leaves blank before them.
        """
        if self._plain:
            return min(cell, len(self.text)), min(cell + width, len(self.text)), 0
        first = bisect_right(self._ends, cell) if cell else 0
        after = bisect_right(self._ends, cell + width)
        begins = self._ends[first - 1] if first else 0
        blank = 0
        if begins < cell and first < len(self.text):
            blank = self._ends[first] - cell
            first += 1
        return first, max(first, after), blank

    def columns(self, first: int, after: int) -> int:
        """Return how many cells a range of characters takes."""
        if self._plain or first >= after:
            return max(0, after - first)
        return self._ends[after - 1] - (self._ends[first - 1] if first else 0)

    def cell_of(self, character: int) -> int:
        """Return the cell at which a character begins."""
        return self.columns(0, min(character, len(self.text)))

    def rows(self, width: int) -> int:
        """Return how many rows it takes when wrapped; an empty line takes one."""
        if self._plain:
            return max(1, -(-len(self.text) // width))
        return len(self._wrapped(width)) - 1

    def row(self, nth: int, width: int) -> tuple[int, int]:
        """Return the characters, first and after the last, of one of these rows."""
        if self._plain:
            return min(nth * width, len(self.text)), min((nth + 1) * width, len(self.text))
        wraps = self._wrapped(width)
        nth = min(nth, len(wraps) - 2)
        return wraps[nth], wraps[nth + 1]

    def row_of(self, character: int, width: int) -> int:
        """Return the wrapped row that a character is on."""
        if self._plain:
            return min(character // width, self.rows(width) - 1)
        wraps = self._wrapped(width)
        return min(bisect_right(wraps, character) - 1, len(wraps) - 2)

    def _wrapped(self, width: int) -> list[int]:
        """Return the first character of each row, and the end.

        Kept for the width asked for last.
        """
        if self._wraps[0] != width:
            wraps, at, ends = [0], 0, self._ends
            while at < len(ends):
                begins = ends[at - 1] if at else 0
                # Marks without a width stay with the character before them; a character wider
                # than the row gets one of its own.
                at = max(at + 1, bisect_right(ends, begins + width, at))
                wraps.append(at)
            self._wraps = (width, wraps if len(wraps) > 1 else [0, 0])
        return self._wraps[1]
