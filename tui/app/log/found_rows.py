"""The rows that a scan found: two bytes for each, none for rows that follow one another.

A word that stands in every line of a log of 100 MB must not cost another 100 MB.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple, overload


class _Part(NamedTuple):
    """Rows found together. before: how many were found before them; rows: counted from first."""

    before: int
    first: int
    rows: Sequence[int]

    @property
    def after(self) -> int:
        """How many were found up to and with these."""
        return self.before + len(self.rows)

    @property
    def lowest(self) -> int:
        return self.first + self.rows[0]


class Found(Sequence[int]):
    """Ascending rows. One thread adds and takes back, any thread may ask."""

    def __init__(self) -> None:
        # A part is added in one step, so that others never see half of it.
        self._parts: list[_Part] = []

    def add(self, first: int, rows: Sequence[int]) -> None:
        """Add rows, at least one, counted from a first one on and beyond all found so far."""
        self._parts.append(_Part(len(self), first, _packed(rows)))

    def take_back(self, row: int) -> None:
        """Forget a row and all after it."""
        while self._parts and self._parts[-1].first + self._parts[-1].rows[-1] >= row:
            part = self._parts.pop()
            kept = part.rows[: bisect_left(part.rows, row - part.first)]
            if kept:
                self._parts.append(part._replace(rows=kept))

    def place(self, row: int) -> int:
        """Return how many of them lie before a row."""
        nth = bisect_right(self._parts, row, key=lambda part: part.lowest)
        if nth == 0:
            return 0
        part = self._parts[nth - 1]
        return part.before + bisect_left(part.rows, row - part.first)

    def __len__(self) -> int:
        last = self._parts[-1:]
        return last[0].after if last else 0

    @overload
    def __getitem__(self, place: int) -> int: ...

    @overload
    def __getitem__(self, place: slice) -> list[int]: ...

    def __getitem__(self, place: int | slice) -> int | list[int]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        if place < 0:
            place += len(self)
        nth = bisect_right(self._parts, place, key=lambda part: part.before) - 1
        if nth < 0:
            raise IndexError(place)
        part = self._parts[nth]
        return part.first + part.rows[place - part.before]


def _packed(rows: Sequence[int]) -> Sequence[int]:
    first, last = rows[0], rows[-1]
    if last - first + 1 == len(rows):
        return range(first, last + 1)
    return array("H" if last < 1 << 16 else "L", rows)
