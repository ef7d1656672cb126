"""Follow the growth of a log in a thread of its own and keeps its index up to date."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from .file import FileState, LogFile
from .line_index import LineIndex

_BREATH = 0.00005
_LIVE_PAUSE = 0.05
_QUIET_PAUSE = 1.0
_REPORT_PAUSE = 1 / 15


class Watcher(threading.Thread):
    """Looks whether a file grew, twenty times a second while it is written and once otherwise.

    Its callbacks are called in this thread and must only pass the message on.
    caught_up: all that was there at the beginning is indexed.
    grew: more is; at most fifteen times a second.
    changed: the file has met another fate.
    """

    def __init__(
        self,
        file: LogFile,
        index: LineIndex,
        *,
        live: bool,
        caught_up: Callable[[], None],
        grew: Callable[[], None],
        changed: Callable[[FileState], None],
    ) -> None:
        super().__init__(name="log-watcher", daemon=True)
        self.live = live
        self._file = file
        self._index = index
        self._caught_up = caught_up
        self._grew = grew
        self._changed = changed
        self._fate = FileState.PRESENT
        self._stop = threading.Event()
        self._look = threading.Event()

    def stop(self) -> None:
        """End soon; nothing is reported any more."""
        self._stop.set()
        self._look.set()

    def look_now(self) -> None:
        """Do not wait for the next time."""
        self._look.set()

    def run(self) -> None:
        self._catch_up()
        self._caught_up()
        while not self._stop.is_set():
            self._catch_up()
            fate = self._file.fate(self._index.extent.size)
            if fate is not self._fate and not self._stop.is_set():
                self._fate = fate
                self._changed(fate)
            if fate is FileState.TRUNCATED:
                # What was indexed is gone; receivers start anew.
                return
            self._look.wait(_LIVE_PAUSE if self.live else _QUIET_PAUSE)
            self._look.clear()

    def _catch_up(self) -> None:
        """Index all that is there, reporting now and then."""
        reported = time.monotonic()
        unreported = False
        while not self._stop.is_set() and self._index.extend(self._file.size):
            time.sleep(_BREATH)
            unreported = True
            now = time.monotonic()
            if now - reported >= _REPORT_PAUSE:
                self._grew()
                reported, unreported = now, False
        if unreported and not self._stop.is_set():
            self._grew()
