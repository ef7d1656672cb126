"""How often a log may be painted: as often as the terminal can keep up with.

A terminal at the end of a slow line has a queue before it, and a key press is answered when all
that was queued has been shown. So after a frame the terminal is asked a harmless question (DECRQM,
whether it knows synchronised output), and the next frame waits for its answer, which comes when
the frame has arrived. Then the line is left idle for as long as the frame took, so that half of
all keys find it free.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any, cast

from textual.timer import Timer
from textual.widget import Widget

QUESTION = "\x1b[?2026$p"

FRAME = 1 / 15
"""Seconds between frames where the terminal keeps up."""

SILENT = 0.25
"""Seconds between frames over SSH to a terminal that does not answer at all."""

PATIENCE = 2.0
"""Seconds that an answer is waited for where the terminal is known to give it."""


class Pacer:
    """Lets frames through, one at a time; idle, it has no timer.

    owner: the widget that is painted.
    paint: paints it; called in the app's own thread.
    remote: the terminal is at the other end of a network line.
    """

    def __init__(self, owner: Widget, paint: Callable[[], object], *, remote: bool) -> None:
        self._owner = owner
        self._paint = paint
        self._remote = remote
        self._timer: Timer | None = None
        self._painted = 0.0
        self._asked = False
        self._wanted = False

    def want(self) -> None:
        """There is something to paint; it is painted now, or when the terminal is ready."""
        self._wanted = True
        if self._timer is None:
            self._frame()

    def answered(self) -> None:
        """The terminal has answered: it has shown all it was sent."""
        if self._asked:
            self._asked = False
            took = monotonic() - self._painted
            self._wait(max(FRAME - took, took))

    def stop(self) -> None:
        """Paint nothing more."""
        if self._timer is not None:
            self._timer.stop()

    def _frame(self) -> None:
        self._timer = None
        self._asked = False
        if not self._wanted:
            return
        self._wanted = False
        self._painted = monotonic()
        self._paint()
        if self._answers:
            self._asked = True
            self._owner.call_after_refresh(self._ask)
            self._wait(PATIENCE)
        else:
            self._wait(SILENT if self._remote else FRAME)

    def _wait(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._owner.set_timer(max(seconds, 0.001), self._frame)

    @property
    def _answers(self) -> bool:
        """Whether the terminal answered the same question when the program began."""
        app: Any = self._owner.app
        return bool(app._sync_available) and not app.is_headless

    def _ask(self) -> None:
        driver: Any = cast(Any, self._owner.app)._driver
        if driver is not None:
            driver.write(QUESTION)
            driver.flush()
