"""The lines that were looked at last, read, made safe and measured."""

from __future__ import annotations

from collections import OrderedDict

from ....core.frozen import frozen
from ....core.safe_text import decode
from ...terminal.display import Display
from .cells import Cells
from .levels import Level, level_of
from .line_index import LineIndex, without_line_end

_BUDGET = 1_000_000
"""Characters that are kept: a few screens, even of very long lines."""


@frozen
class LogLine:
    """A row of a log, fit to be shown.

    end: the offset after its last byte; another one for the same row means that it went on.
    """

    cells: Cells
    level: Level
    end: int


class LineStore:
    """Reads rows when they are asked for and keeps the latest ones."""

    def __init__(self, index: LineIndex, display: Display) -> None:
        self._index = index
        self._terminal_display = display
        self._lines: OrderedDict[tuple[int, int], LogLine] = OrderedDict()
        self._kept = 0

    def line(self, row: int) -> LogLine:
        """Return one row; the last row of a growing log may be longer the next time."""
        start, end = self._index.start(row), self._index.start(row + 1)
        line = self._lines.get((start, end))
        if line is not None:
            self._lines.move_to_end((start, end))
            return line
        data = without_line_end(self._index.read(start, end - start))
        level = Level.PLAIN if self._index.continues(row) else level_of(data)
        line = LogLine(Cells(self._terminal_display.line(decode(data))), level, end)
        self._lines[start, end] = line
        self._kept += len(line.cells.text) + 1
        while self._kept > _BUDGET and len(self._lines) > 1:
            _, oldest = self._lines.popitem(last=False)
            self._kept -= len(oldest.cells.text) + 1
        return line
