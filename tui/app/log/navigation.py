"""Where the keys that go to the next or previous of something lead."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from ....core.frozen import frozen
from .found_rows import Found
from .levels import Level


@frozen
class LogPhase:
    """Where a part of a log begins. offset: of its first byte."""

    name: str
    offset: int


def next_row(rows: Sequence[int], row: int, *, forward: bool) -> int | None:
    """Return the nearest of ascending rows after one, or before it; None: there is none."""
    if forward:
        at = bisect_right(rows, row)
        return rows[at] if at < len(rows) else None
    at = bisect_left(rows, row) - 1
    return rows[at] if at >= 0 else None


def next_mark(rows: Found, levels: bytearray, row: int, *, forward: bool) -> int | None:
    """Return the nearest error; the nearest warning in a log that has no errors."""
    worst = bytes([Level.ERROR if levels.find(bytes([Level.ERROR])) >= 0 else Level.WARNING])
    if forward:
        at = levels.find(worst, rows.place(row + 1))
    else:
        at = levels.rfind(worst, 0, rows.place(row))
    return rows[at] if 0 <= at < len(rows) else None
