"""Go through a log in a thread of its own and collect the rows that matter.

One scan finds the errors and warnings, another what the user searches for; both go on as the log
grows. What they found can be used while they run.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from .found_rows import Found
from .line_index import Extent, LineIndex
from .matchers import Matcher

_REPORT_PAUSE = 1 / 15
_WORK, _BREATH = 0.002, 0.00005
_IDLE_PAUSE = 0.05
_QUIET_PAUSE = 1.0


class Scan(threading.Thread):
    """Collects the rows that a matcher finds, from the beginning on.

    rows, levels: what was found so far, ascending; they only grow, but for the last row of the
        log, which may be found not to matter when more of it has come.
    found: called in this thread, at most fifteen times a second and when it has caught up.
    """

    def __init__(
        self, index: LineIndex, matcher: Matcher, *, live: bool, found: Callable[[], None]
    ) -> None:
        super().__init__(name="log-scan", daemon=True)
        self.rows = Found()
        self.levels = bytearray()
        self.live = live
        self.caught_up = False
        self._index = index
        self._matcher = matcher
        self._report = found
        self._stop = threading.Event()
        # Where the next row to look at begins, and how many bytes were looked at so far: more,
        # where the last row may go on.
        self._offset = self._seen = 0

    @property
    def seen(self) -> int:
        """Bytes that it has gone through."""
        return self._seen

    def stop(self) -> None:
        """End soon; nothing is reported any more."""
        self._stop.set()

    def run(self) -> None:
        reported = breathed = time.monotonic()
        unreported = True
        while not self._stop.is_set():
            if self._step():
                unreported = True
                now = time.monotonic()
                if now - reported >= _REPORT_PAUSE:
                    self._report()
                    reported, unreported = now, False
                if now - breathed >= _WORK:
                    # Another thread that waits for the interpreter gets it: a key press is answered
                    # first.
                    time.sleep(_BREATH)
                    breathed = time.monotonic()
                continue
            self.caught_up = True
            if unreported:
                self._report()
                unreported = False
            self._stop.wait(_IDLE_PAUSE if self.live else _QUIET_PAUSE)

    def _step(self) -> bool:
        """Look at the next rows; False: all is seen."""
        index, extent, start = self._index, self._index.extent, self._offset
        if self._seen >= extent.size:
            return False
        self.caught_up = False
        if self._seen > start:
            self._take_back(index.row_at(start))
        data = index.read(start, min(self._matcher.bite, extent.size - start))
        end = start + len(data)
        if end < extent.size:
            end = start + data.rfind(b"\n") + 1
        if end == start or index.breaks(start, end):
            end = self._look_at_rows(start, extent)
        else:
            data = data[: end - start]
            self._keep(start, *self._matcher.rows(data, index.is_usual(start, end)))
        self._seen = self._offset = end
        if end >= extent.size:
            self._seen = extent.size
            if index.read(end - 1, 1) != b"\n":
                # The last row may go on: it is looked at again when there is more of it.
                self._offset = index.start(extent.rows - 1)
        return True

    def _look_at_rows(self, start: int, extent: Extent) -> int:
        """Look at rows one by one, where some are parts of lines; returns where they end."""
        index = self._index
        first, after = index.row_at(start), extent.rows
        if extent.size - start > self._matcher.bite:
            after = max(index.row_at(start + self._matcher.bite), first + 1)
        rows: list[int] = []
        levels = bytearray()
        for row in range(first, after):
            begins, ends = index.start(row), min(index.start(row + 1), extent.size)
            goes_on = self._matcher.reach if index.continues(row + 1) else 0
            level = self._matcher.row(
                index.read(begins, ends - begins), index.read(ends, goes_on), index.continues(row)
            )
            if level is not None:
                rows.append(row - first)
                levels.append(level)
        self._keep(start, rows, levels)
        return min(index.start(after), extent.size)

    def _keep(self, start: int, rows: Sequence[int], levels: bytes | bytearray) -> None:
        if rows:
            self.levels += levels
            self.rows.add(self._index.row_at(start), rows)

    def _take_back(self, row: int) -> None:
        self.rows.take_back(row)
        del self.levels[len(self.rows) :]
