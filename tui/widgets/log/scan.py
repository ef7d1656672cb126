"""Goes through a log in a thread of its own and collects the rows that matter.

One scan finds the errors and warnings, another what somebody searches for; both go on as the log
grows. What they found can be used while they run.
"""

from __future__ import annotations

import threading
import time
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Protocol

from .levels import LOOKED_AT, WORDS, Level, level_of
from .log_lines import CHUNK, LineIndex
from .needle import Needle

_REPORT_PAUSE = 1 / 15
_BREATH = 0.00005
_IDLE_PAUSE = 0.05
_QUIET_PAUSE = 1.0


@dataclass(frozen=True)
class Chunk:
    """Whole rows and their bytes.

    data: from the first row's first byte; may go on after the last row, so that what begins in a
        row and ends after it can be found.
    length: how many bytes of it belong to the rows.
    """

    data: bytes
    length: int
    first_row: int
    broken: tuple[int, ...]

    @cached_property
    def starts(self) -> list[int]:
        """Where the rows begin, in ascending order."""
        parts = self.data[: self.length].split(b"\n")
        starts = list(accumulate(map((1).__add__, map(len, parts[:-1])), initial=0))
        if starts[-1] == self.length:
            starts.pop()
        return sorted({*starts, *self.broken}) if self.broken else starts

    def row_and_next(self, offset: int) -> tuple[int, int]:
        """The row, counted within the chunk, that has an offset; where the next one begins."""
        nth = bisect_right(self.starts, offset) - 1
        following = self.starts[nth + 1] if nth + 1 < len(self.starts) else self.length
        return nth, following


class Matcher(Protocol):
    """Finds the rows that matter in a chunk."""

    @property
    def bite(self) -> int:
        """How many bytes it looks at in a few milliseconds, which is how long others wait."""
        ...

    @property
    def reach(self) -> int:
        """How many bytes after a chunk's last row it needs to see."""
        ...

    def rows(self, chunk: Chunk) -> Iterator[tuple[int, int]]:
        """Rows, counted within the chunk and ascending, and the level of each."""
        ...


@dataclass(frozen=True)
class NeedleMatcher:
    """Rows in which a text begins."""

    needle: Needle
    bite: int = CHUNK

    @property
    def reach(self) -> int:
        return self.needle.size - 1

    def rows(self, chunk: Chunk) -> Iterator[tuple[int, int]]:
        prepared = self.needle.prepare(chunk.data)
        at = self.needle.find(prepared, 0)
        while 0 <= at < chunk.length:
            row, following = chunk.row_and_next(at)
            yield row, Level.PLAIN
            at = self.needle.find(prepared, following)


@dataclass(frozen=True)
class LevelMatcher:
    """Rows that are errors or warnings."""

    bite: int = CHUNK // 4
    reach: int = 0

    def rows(self, chunk: Chunk) -> Iterator[tuple[int, int]]:
        lower = chunk.data.lower()
        candidates: set[int] = set()
        for word in WORDS:
            at = lower.find(word)
            while at >= 0:
                row, following = chunk.row_and_next(at)
                candidates.add(row)
                at = lower.find(word, following)
        for row in sorted(candidates):
            start = chunk.starts[row]
            end = chunk.starts[row + 1] if row + 1 < len(chunk.starts) else chunk.length
            level = level_of(lower[start : min(end, start + LOOKED_AT)].rstrip(b"\r\n"))
            if level is not Level.PLAIN:
                yield row, level


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
        self.rows = array("Q")
        self.levels = bytearray()
        self.live = live
        self.caught_up = False
        self._index = index
        self._matcher = matcher
        self._report = found
        self._stop = threading.Event()
        # The next row to look at, the offset at which it begins, and the size looked at so far.
        self._row = self._offset = self._seen = 0

    @property
    def seen(self) -> int:
        """Bytes that it has gone through."""
        return self._seen

    def stop(self) -> None:
        """End soon; nothing is reported any more."""
        self._stop.set()

    def run(self) -> None:
        reported = 0.0
        unreported = True
        while not self._stop.is_set():
            if self._step():
                # Whoever waits for the interpreter gets it: a key press is answered first.
                time.sleep(_BREATH)
                unreported = True
                now = time.monotonic()
                if now - reported >= _REPORT_PAUSE:
                    self._report()
                    reported = now
                    unreported = False
                continue
            self.caught_up = True
            if unreported:
                self._report()
                unreported = False
            self._stop.wait(_IDLE_PAUSE if self.live else _QUIET_PAUSE)

    def _step(self) -> bool:
        """Look at the next chunk; False: all is seen."""
        index, extent = self._index, self._index.extent
        if self._seen >= extent.size:
            return False
        self.caught_up = False
        end, end_row = extent.size, extent.rows
        if end - self._offset > self._matcher.bite:
            end_row = max(index.row_at(self._offset + self._matcher.bite), self._row + 1)
            end = index.start(end_row)
        length = end - self._offset
        data = index.read(self._offset, length + self._matcher.reach)
        chunk = Chunk(data, min(length, len(data)), self._row, self._broken(end))
        self._forget_last_row()
        for row, level in self._matcher.rows(chunk):
            self.levels.append(level)
            self.rows.append(self._row + row)
            if self._stop.is_set():
                return False
        self._seen = end
        if data[length - 1 : length] != b"\n" and end == extent.size:
            # The last row goes on: it is looked at again when there is more of it.
            end_row = max(extent.rows - 1, 0)
            end = index.start(end_row)
        self._row, self._offset = end_row, end
        return True

    def _forget_last_row(self) -> None:
        while self.rows and self.rows[-1] >= self._row:
            self.rows.pop()
            self.levels.pop()

    def _broken(self, end: int) -> tuple[int, ...]:
        return tuple(at - self._offset for at in self._index.breaks(self._offset, end))
