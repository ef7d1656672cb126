"""Read what content asks for where that is only assumed, for the content that a change affects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .....core.errors import StewardError
from .....core.upgrades import Effect, UpgradeSimulation
from ...app_api import app_of
from ...background import Stream, stream

if TYPE_CHECKING:
    from .screen import UpgradeScreen


class RequestReading:
    """Reads the bundles of affected content, each once, while the screen shows a change.

    progress: in words; empty while nothing is read.
    """

    def __init__(self, screen: UpgradeScreen) -> None:
        self.progress = ""
        self._screen = screen
        self._asked: set[str] = set()
        self._reading: Stream[str] | None = None
        self._left = 0

    def read_for(self, simulation: UpgradeSimulation) -> None:
        """Start to read what is missing, unless reading is going on."""
        service = self._screen.service
        if service is None or self._reading is not None:
            return
        names = [
            change.subject.name
            for change in simulation.changes
            if change.subject.is_assumed
            and change.fate is not Effect.KEEPS
            and change.subject.name not in self._asked
        ]
        if not names:
            return

        def requests(own: Stream[str]) -> Iterator[str]:
            for name in service.read_requests(names):
                own.check()
                yield name

        self._asked.update(names)
        self._left = len(names)
        self._say()
        self._reading = stream(self._screen, requests, self._take, self._end, failed=self._fail)

    def stop(self) -> None:
        if self._reading is not None:
            self._reading.stop()

    def _take(self, names: list[str]) -> None:
        self._left -= len(names)
        self._say()

    def _say(self) -> None:
        self.progress = f"{self._left:,} bundles still to read" if self._left else ""
        self._screen.show_counts()

    def _end(self) -> None:
        self._reading = None
        self.progress = f"{self._left:,} bundles could not be read" if self._left else ""
        self._screen.show_counts()
        self._screen.ask()

    def _fail(self, problem: StewardError) -> None:
        app_of(self._screen).say(str(problem), problem=True)
        self._end()
