"""A log that is open: its file, its index, and the threads that read it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from textual.message import Message

from .file import LogFile
from .line_index import LineIndex
from .matchers import LevelMatcher, NeedleMatcher
from .messages import (
    LogFate,
    LogGrew,
    MarksFound,
    MatchesFound,
)
from .scan import Scan
from .search_text import Needle
from .watcher import Watcher

_TAIL = 256 * 1024
"""Bytes at the end that are shown at once; more than a screen, whatever its lines."""


class OpenLog:
    """Reads a log until it is closed.

    live: whether the file is expected to grow.
    post: where messages go; may be called from any thread.
    shown: makes lines of it fit to be shown.
    until: see LogFile.
    indexed: whether all that was there when it was opened is indexed.
    Raises StateError when the file cannot be opened.
    """

    def __init__(
        self,
        path: Path,
        *,
        live: bool,
        post: Callable[[Message], None],
        shown: Callable[[str], str],
        until: Callable[[], int] | None = None,
    ) -> None:
        self.path = path
        self._post = post
        self._shown = shown
        self.file = LogFile(path, until)
        self.index = LineIndex(self.file.read)
        self.indexed = False
        self.marks = Scan(
            self.index, LevelMatcher(), live=live, found=lambda: post(MarksFound(self))
        )
        self.search: Scan | None = None
        self.needle: Needle | None = None
        self._watcher = Watcher(
            self.file,
            self.index,
            live=live,
            caught_up=self._caught_up,
            grew=lambda: post(LogGrew(self)),
            changed=lambda fate: post(LogFate(self, fate)),
        )

    @cached_property
    def tail(self) -> LineIndex:
        """The end of the log, to be shown while the rest is read; its rows have no true numbers."""
        size = self.file.size
        self._tail_from = max(0, size - _TAIL)
        if self._tail_from:
            head = self.file.read(self._tail_from, _TAIL)
            self._tail_from += head.find(b"\n") + 1
        index = LineIndex(lambda offset, length: self.file.read(self._tail_from + offset, length))
        while index.extend(size - self._tail_from):
            pass
        return index

    def row_of_tail(self, row: int) -> int:
        """Return the row of the whole log that is a row of its tail."""
        return self.index.row_at(self._tail_from + self.tail.start(row))

    def start(self) -> None:
        """Begin to read."""
        self._watcher.start()

    def _caught_up(self) -> None:
        """The index comes first, then the marks: they would only hold each other up."""
        self.indexed = True
        self.marks.start()
        self._post(LogGrew(self))

    @property
    def live(self) -> bool:
        return self._watcher.live

    def finished(self) -> None:
        """What writes it has ended: look once more, then only now and then."""
        self._watcher.live = self.marks.live = False
        if self.search is not None:
            self.search.live = False
        self._watcher.look_now()

    def search_for(self, needle: Needle | None) -> None:
        """Begin another search, or none, in place of the one before."""
        if self.search is not None:
            self.search.stop()
        self.needle, self.search = needle, None
        if needle is not None:
            self.search = Scan(
                self.index,
                NeedleMatcher(needle, self._shown),
                live=self.live,
                found=lambda: self._post(MatchesFound(self)),
            )
            self.search.start()

    def close(self) -> None:
        """End its threads; the file is closed when the last of them has ended."""
        self._watcher.stop()
        self.marks.stop()
        if self.search is not None:
            self.search.stop()
