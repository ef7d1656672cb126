"""Where the reader of a log is, and what there is to know around that place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....core.frozen import frozen
from .levels import Level

if TYPE_CHECKING:
    from ...terminal.display import Display
    from .line_index import LineIndex
    from .open_log import OpenLog
    from .view import LogView


@frozen
class LogState:
    """What the line tells.

    line, lines: the current line, or the last one in the window, and how many there are.
    newer: lines that came since the reader left the end.
    search: what is searched for, and how that goes; None: nothing.
    only: what the rows shown are limited to; None: all are shown.
    remark: what the last key has to say; None: nothing.
    reading: share of the file that is indexed, 0 to 1; None: all of it.
    """

    line: int = 0
    lines: int = 0
    column: int = 0
    errors: int = 0
    warnings: int = 0
    following: bool = False
    live: bool = False
    newer: int = 0
    wrap: bool = False
    search: str | None = None
    only: str | None = None
    selected: int = 0
    remark: str | None = None
    reading: float | None = None


def reading_state(log: OpenLog) -> LogState:
    """Return the state of a log that is not indexed yet."""
    return LogState(reading=log.index.extent.size / max(1, log.file.size))


def state_of(log: OpenLog, view: LogView, left_at: int, display: Display) -> LogState:
    """Return the state of a log that is indexed.

    left_at: its last line when the reader left the end.
    """
    index, current = log.index, view.current_in_view
    lines = last_line(index)
    return LogState(
        line=index.line(view.bottom_row if current is None else current),
        lines=lines,
        column=0 if view.wrap else round(view.scroll_x),
        errors=log.marks.levels.count(Level.ERROR),
        warnings=log.marks.levels.count(Level.WARNING),
        following=view.following,
        live=log.live,
        newer=max(0, lines - left_at),
        wrap=view.wrap,
        search=_search_state(log, display),
        selected=len(view.selection) if view.selecting else 0,
    )


def last_line(index: LineIndex) -> int:
    """Return the number of the last line, from 1; 0 where there is none."""
    rows = index.extent.rows
    return index.line(rows - 1) if rows else 0


def _search_state(log: OpenLog, display: Display) -> str | None:
    search, needle = log.search, log.needle
    if search is None or needle is None:
        return None
    found = f"{len(search.rows):,}" if search.rows else "no match"
    if not search.caught_up:
        found += f", {search.seen / max(1, log.index.extent.size):.0%} searched"
    elif search.rows:
        found += " matching lines" if len(search.rows) > 1 else " matching line"
    return f"/{display.line(needle.text, 20)}: {found}"
