"""Plays a build again as it went: what it did at a moment, how much of its log was there."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Sequence

from .....core.builds import Event, Timeline

LONGEST_PAUSE = 2.0
"""Seconds that a pause in the build takes at most, at its own speed."""

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 64.0)


class Replay:
    """The events of a build on a clock of their own.

    events: all of the build. size: bytes of its log. now: seconds of some clock.
    Between two events the log grows evenly.
    """

    def __init__(
        self, events: Sequence[Event], size: int, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._events = tuple(events)
        self._now = now
        # One value, for other threads ask meanwhile: the moment at which the speed was set, when
        # that was by the clock, and which of the speeds.
        self._pace = (0.0, now(), SPEEDS.index(1.0))
        moments, offsets, moment = [0.0], [0], 0.0
        for before, event in zip(self._events, self._events[1:], strict=False):
            moment += min(max(event.time - before.time, 0.0), LONGEST_PAUSE)
            moments.append(moment)
            offsets.append(max(offsets[-1], min(event.offset, size)))
        moments.append(moment + LONGEST_PAUSE / 4)
        offsets.append(size)
        self._moments, self._offsets = moments, offsets

    @property
    def speed(self) -> float:
        """How many times as fast as the build was."""
        return SPEEDS[self._pace[2]]

    def change_speed(self, by: int) -> None:
        """So many steps faster, or slower if negative; from here on."""
        at, since, speed = self._pace
        now = self._now()
        at += (now - since) * SPEEDS[speed]
        self._pace = (at, now, max(0, min(speed + by, len(SPEEDS) - 1)))

    @property
    def moment(self) -> float:
        """Seconds of the build that have been played."""
        at, since, speed = self._pace
        return at + (self._now() - since) * SPEEDS[speed]

    @property
    def length(self) -> float:
        """Seconds that it takes at the build's own speed."""
        return self._moments[-1]

    @property
    def is_over(self) -> bool:
        return self.moment >= self.length

    def offset(self) -> int:
        """Bytes of the log that are there by now; any thread may ask."""
        moment = self.moment
        nth = bisect_right(self._moments, moment)
        if nth >= len(self._moments):
            return self._offsets[-1]
        since, until = self._moments[nth - 1], self._moments[nth]
        share = (moment - since) / (until - since)
        return self._offsets[nth - 1] + int(share * (self._offsets[nth] - self._offsets[nth - 1]))

    def timeline(self) -> Timeline:
        """Return the course of the build up to now."""
        return Timeline(self._events[: bisect_right(self._moments, self.moment)])

    @property
    def time(self) -> float:
        """The moment of the build that is played, in seconds since 1970."""
        nth = bisect_right(self._moments, self.moment)
        if not 0 < nth <= len(self._events):
            return self._events[-1].time if self._events else 0.0
        return self._events[nth - 1].time + self.moment - self._moments[nth - 1]
