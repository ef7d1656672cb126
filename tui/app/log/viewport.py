"""Where one is in a log, and what can be seen from there: arithmetic without a widget.

How many screen lines a wrapped log has is not known, and not needed: only lines near the ones
that are seen are measured. A position is a place among the rows shown and a line within that row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ....core.frozen import frozen


class Position(NamedTuple):
    """A place among the rows shown, and which of its wrapped lines."""

    place: int
    part: int = 0


@frozen
class Viewport:
    """A window on so many places.

    count: how many places there are.
    height: screen lines in the window.
    parts: how many screen lines the row at a place takes; None: one each, as nothing is wrapped.
    """

    count: int
    height: int
    parts: Callable[[int], int] | None = None

    def size(self, place: int) -> int:
        """Screen lines of the row at a place."""
        return 1 if self.parts is None else self.parts(place)

    @property
    def end(self) -> Position:
        """The top of the window when its bottom line is the last line there is."""
        if self.count == 0:
            return Position(0)
        last = self.count - 1
        return self.moved(Position(last, self.size(last) - 1), 1 - self.height)

    def moved(self, position: Position, lines: int) -> Position:
        """So many screen lines down, or up if negative, as far as there are any."""
        place, part = position
        if self.parts is None:
            return Position(max(0, min(place + lines, self.count - 1)))
        while lines < 0:
            if part >= -lines:
                return Position(place, part + lines)
            if place == 0:
                return Position(0)
            lines += part + 1
            place -= 1
            part = self.size(place) - 1
        while lines > 0:
            left = self.size(place) - 1 - part
            if left >= lines:
                return Position(place, part + lines)
            if place >= self.count - 1:
                return Position(place, part + left)
            lines -= left + 1
            place, part = place + 1, 0
        return Position(place, part)

    def clamped(self, position: Position) -> Position:
        """Return the same if it can be the top of the window, else the nearest that can."""
        return max(Position(0), min(position, self.end))

    def visible(self, top: Position) -> list[Position]:
        """Return what stands on each screen line from the top down."""
        shown: list[Position] = []
        place, part = top
        while place < self.count and len(shown) < self.height:
            for nth in range(part, self.size(place)):
                shown.append(Position(place, nth))
                if len(shown) == self.height:
                    break
            place, part = place + 1, 0
        return shown

    def showing(self, top: Position, target: Position) -> Position:
        """Return a top from which a target is seen, and a little of what follows it: the same if it
        is in view like that already."""
        if top <= target <= self.moved(top, self.height - 1 - self.height // 8):
            return top
        return self.clamped(self.moved(target, -(self.height // 3)))
