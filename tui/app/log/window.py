"""The window on a log: which lines are in it, and how they are painted.

Only the lines in the window are read, made safe and styled. The scroll position is a place among
the rows shown, whether lines are wrapped or not; which of its wrapped lines a row begins with at
the top is kept beside it. So nothing needs to know how high a wrapped log is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.style import Style
from textual.cache import LRUCache
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ...terminal.display import Display
from .levels import Level
from .line_index import LineIndex
from .line_painting import (
    CONTINUES,
    EVIDENCE,
    PHASE,
    SIGNS,
    Ink,
    Marks,
    paint,
)
from .line_store import LineStore, LogLine
from .quiet_parts import quiet_parts
from .row_selection import AllRows, RowSelection
from .search_text import Needle
from .viewport import Position, Viewport

_STYLES = (
    *("warning", "error", "gutter", "evidence", "match", "current", "selected"),
    *("phase", "quiet"),
)
_TIME_WIDTH = 6


class LogWindow(ScrollView):
    """Paints rows of a log.

    display: the signs and the characters that this terminal shows.
    """

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"log--{name}" for name in _STYLES}

    DEFAULT_CSS = """
    LogWindow {
        overflow-x: auto;
        overflow-y: scroll;
        scrollbar-size-horizontal: 0;
        scrollbar-size-vertical: 0;
        & > .log--warning { color: $text-warning; }
        & > .log--error { color: $text-error; text-style: bold; }
        & > .log--gutter { color: $muted; }
        & > .log--evidence { text-style: bold underline; }
        & > .log--match { text-style: reverse; }
        & > .log--current { background: $surface-lighten-2; text-style: bold; }
        & > .log--selected { text-style: reverse; }
        & > .log--phase { color: $text-accent; }
        & > .log--quiet { color: $muted; text-style: dim; }
    }
    """

    def __init__(self, display: Display, *, id: str | None = None) -> None:  # noqa: A002 - Textual's
        super().__init__(id=id)
        self._terminal_display = display
        self.following = True
        self.wrap = False
        self.numbers = False
        self.quiet = True
        self.times: Callable[[int], str] | None = None
        self.phase_offsets: frozenset[int] = frozenset()
        self.needle: Needle | None = None
        self.evidence: frozenset[int] = frozenset()
        self.current: int | None = None
        self._character = 0
        self._anchor: int | None = None
        self._wanted: tuple[int, int] | None = None
        self._gone_to: Position | None = None
        self._take(LineIndex(lambda _offset, _length: b""), None)

    # What is in the window

    @property
    def top(self) -> Position:
        return Position(round(self.scroll_y), self._part)

    @property
    def top_row(self) -> int:
        return self._rows.row(self.top.place) if len(self._rows) else 0

    @property
    def bottom_row(self) -> int:
        visible = self._visible()
        return self._rows.row(visible[-1].place) if visible else 0

    @property
    def current_in_view(self) -> int | None:
        """The current row, where it is seen."""
        row = self.current
        is_seen = row is not None and self.top_row <= row <= self.bottom_row
        return row if is_seen else None

    @property
    def rows(self) -> RowSelection:
        return self._rows

    @property
    def selection(self) -> range:
        """The rows of the log from the first to the last selected one."""
        if self.current is None:
            return range(0)
        anchor = self.current if self._anchor is None else self._anchor
        return range(min(anchor, self.current), max(anchor, self.current) + 1)

    @property
    def selecting(self) -> bool:
        return self._anchor is not None

    def spans(self, row: int) -> list[tuple[int, int]]:
        """Return where in a row what is searched for stands."""
        return self.needle.spans(self._lines.line(row).cells.text) if self.needle else []

    def _take(self, index: LineIndex, rows: RowSelection | None) -> None:
        self._index = index
        self._lines = LineStore(index, self._terminal_display)
        self._rows: RowSelection = AllRows(index) if rows is None else rows
        self._strips: LRUCache[object, Strip] = LRUCache(256)
        self._widest = 0
        self._part = 0
        self._moving = False
        self._ink: Ink | None = None
        self._seen: tuple[object, list[Position]] = (None, [])

    @property
    def _height(self) -> int:
        return self.scrollable_content_region.height

    @property
    def _gutter_width(self) -> int:
        numbers = len(f"{self._index.extent.rows:,}") + 1 if self.numbers else 0
        return 2 + numbers + (_TIME_WIDTH if self.times is not None else 0)

    @property
    def _text_width(self) -> int:
        return max(1, self.scrollable_content_region.width - self._gutter_width)

    @property
    def _window(self) -> Viewport:
        parts = self._parts if self.wrap else None
        return Viewport(len(self._rows), max(1, self._height), parts)

    def _parts(self, place: int) -> int:
        """Return how many screen lines a row takes when it is wrapped."""
        return self._line(place).cells.rows(self._text_width)

    def _line(self, place: int) -> LogLine:
        return self._lines.line(self._rows.row(place))

    def _visible(self) -> list[Position]:
        """Return what stands on each screen line; found once for all that are painted together."""
        window = self._window
        state = (
            self.top,
            window.count,
            window.height,
            self.wrap,
            self._text_width,
            self._index.extent,
        )
        if self._seen[0] != state:
            self._seen = (state, window.visible(self.top))
        return self._seen[1]

    # Painting

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        visible = self._visible()
        if y >= len(visible):
            return Strip.blank(width, self.rich_style)
        place, part = visible[y]
        row = self._rows.row(place)
        line = self._lines.line(row)
        column = round(self.scroll_x)
        key = (row, line.end, part, column, width)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._strips[key] = self._painted(row, line, part, column, width)
        return strip

    def _painted(self, row: int, line: LogLine, part: int, column: int, width: int) -> Strip:
        cells = line.cells
        self._widest = max(self._widest, cells.width)
        shown = (
            (*cells.row(part, self._text_width), 0)
            if self.wrap
            else cells.cut(column, self._text_width)
        )
        is_plain = self.quiet and line.level is Level.PLAIN and row != self.current
        marks = Marks(
            evidence=row in self.evidence,
            current=row == self.current,
            selected=self.selecting and row in self.selection,
            matches=tuple(self.spans(row)),
            quiet=quiet_parts(cells.text) if is_plain else (),
            phase=self._begins_phase(row),
        )
        return paint(
            cells, shown, self._gutter(row, line, part), line.level, marks, self._inks, width
        )

    def _gutter(self, row: int, line: LogLine, part: int) -> str:
        sign = SIGNS[line.level]
        if line.level is Level.PLAIN and self._begins_phase(row):
            sign = PHASE
        if row in self.evidence:
            sign = EVIDENCE
        if part or self._index.continues(row):
            sign = CONTINUES
        before = ""
        if self.times is not None:
            time = "" if sign == CONTINUES else self.times(self._index.start(row))
            before = f"{time:>{_TIME_WIDTH - 1}} "
        if self.numbers:
            width = self._gutter_width - 2 - len(before)
            number = "" if sign == CONTINUES else f"{self._index.line(row):,}"
            before += f"{number:>{width - 1}} "
        return f"{before}{sign} "

    def _begins_phase(self, row: int) -> bool:
        return bool(self.phase_offsets) and self._index.start(row) in self.phase_offsets

    @property
    def _inks(self) -> Ink:
        if self._ink is None:
            styles = {
                name: _mark(self.get_component_rich_style(f"log--{name}", partial=True), name)
                for name in _STYLES
            }
            self._ink = Ink(plain=self.rich_style, **styles)
        return self._ink

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()
        self._ink = None


def _mark(style: Style, name: str) -> Style:
    """Return what a style adds to a line; only the current line has a background of its own."""
    return Style(
        color=style.color,
        bgcolor=style.bgcolor if name == "current" else None,
        bold=style.bold or None,
        dim=style.dim or None,
        underline=style.underline or None,
        reverse=style.reverse or None,
    )
