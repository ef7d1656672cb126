"""The last line of the terminal while a build is watched: its phases, and what it does now."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from ...core.builds import Progress, Timeline
from .. import messages
from ..terminal.build_strip import strip_parts
from ..terminal.capabilities import look
from ..terminal.symbols import Symbols, columns_of

if TYPE_CHECKING:
    from ...core.builds import Event

_FRAME = 0.1  # seconds between two lines while something happens
_CLOCK = 1.0  # and while nothing does


class LiveLine:
    """Shown on a terminal only; messages that are written meanwhile stand above it."""

    def __init__(self) -> None:
        self._timeline = Timeline()
        self._symbols = Symbols(look(os.environ).unicode)
        self._shown_at = 0.0
        self._is_new = False

    def add(self, event: Event) -> None:
        """Take the next event of the build."""
        self._timeline.add(event)
        self._is_new = True

    def look(self) -> None:
        """Show the line anew where something has changed, but not too often."""
        passed = time.monotonic() - self._shown_at
        if passed >= (_FRAME if self._is_new else _CLOCK):
            self._shown_at, self._is_new = time.monotonic(), False
            messages.live(
                live_text(self._timeline, time.time(), self._symbols, messages.columns() - 1)
            )

    def end(self) -> None:
        """Remove the line."""
        messages.live("")


def live_text(timeline: Timeline, now: float, symbols: Symbols, width: int) -> str:
    """Return the line, of at most `width` columns."""
    strip = "".join(text for text, _ in strip_parts(timeline, now, symbols, width))
    if columns_of(strip) > width:
        return strip[:width]  # all its characters take one column
    room = width - columns_of(strip) - 2
    doing = symbols.line(_doing(timeline.progress))
    if room < 8 or not doing:
        return strip
    if columns_of(doing) > room:
        doing = symbols.line(doing[: room - 1]) + symbols.more
    return f"{strip}  {doing}"


def _doing(progress: Progress) -> str:
    if progress.waits_for is not None:
        return f"waits for {progress.waits_for}"
    return progress.package
