"""Which rows of a log are shown, and in which order: all of them, or those that a scan found."""

from __future__ import annotations

from typing import Protocol

from .found_rows import Found
from .line_index import LineIndex


class RowSelection(Protocol):
    """Rows to show, by their place from 0."""

    def __len__(self) -> int: ...

    def row(self, place: int) -> int:
        """Return the row of the log that is shown at a place."""
        ...

    def place(self, row: int) -> int:
        """Return where a row is shown, or else the first one after it."""
        ...


class AllRows:
    """Every row."""

    def __init__(self, index: LineIndex) -> None:
        self._index = index

    def __len__(self) -> int:
        return self._index.extent.rows

    def row(self, place: int) -> int:
        return place

    def place(self, row: int) -> int:
        return row


class FoundRows:
    """The rows that a scan has found so far; it may still be adding to them."""

    def __init__(self, rows: Found) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, place: int) -> int:
        try:
            return self._rows[place]
        except IndexError:
            # The scan just took back the last one.
            return self._rows[-1] if len(self._rows) else 0

    def place(self, row: int) -> int:
        return self._rows.place(row)
