"""The column beside the scroll bar: where in the log errors, warnings and evidence lie."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from .levels import Level
from .painting import EVIDENCE, SIGNS

_LOOKED_AT = 64
"""Marks looked at for one cell; where there are more, one of them may well be an error."""


class MarkBar(Widget):
    """One cell for each part of the log: E, W or > for the gravest that lies in it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "mark-bar--error",
        "mark-bar--warning",
        "mark-bar--evidence",
    }

    DEFAULT_CSS = """
    MarkBar {
        width: 1;
        height: 1fr;
        & > .mark-bar--error { color: $text-error; text-style: bold; }
        & > .mark-bar--warning { color: $text-warning; }
        & > .mark-bar--evidence { text-style: bold; }
    }
    """

    class Pressed(Message):
        """A cell was clicked. share: how far down the log it is, from 0 to 1."""

        def __init__(self, share: float) -> None:
            super().__init__()
            self.share = share

    def __init__(self) -> None:
        super().__init__()
        self._signs: tuple[str, ...] = ()

    def show(
        self, places: Sequence[int], levels: bytearray, evidence: Collection[int], count: int
    ) -> None:
        """Show marks.

        places, levels: ascending places of marks, and what each is.
        evidence: places of evidence.
        count: how many places there are.
        """
        height = self.size.height
        before = self._signs
        # A log that is lower than the window has its marks beside its lines.
        self._signs = tuple(_signs(places, levels, evidence, max(count, height), height))
        for y, sign in enumerate(self._signs):
            if y >= len(before) or before[y] != sign:
                self.refresh(Region(0, y, 1, 1))

    def render_line(self, y: int) -> Strip:
        sign = self._signs[y] if y < len(self._signs) else " "
        name = {"E": "error", "W": "warning", EVIDENCE: "evidence"}.get(sign)
        style = self.get_component_rich_style(f"mark-bar--{name}") if name else self.rich_style
        return Strip([Segment(sign, style)], 1)

    def on_click(self, event: events.Click) -> None:
        self.post_message(self.Pressed((event.y + 0.5) / max(1, self.size.height)))


def _signs(
    places: Sequence[int], levels: bytearray, evidence: Collection[int], count: int, height: int
) -> list[str]:
    shown: list[str] = []
    proven = array("Q", sorted(evidence))
    for y in range(height):
        first, after = -(-y * count // height), -(-(y + 1) * count // height)
        at = bisect_left(proven, first)
        if at < len(proven) and proven[at] < after:
            shown.append(EVIDENCE)
            continue
        low = bisect_left(places, first)
        high = min(bisect_left(places, after), low + _LOOKED_AT)
        shown.append(SIGNS[Level(max(levels[low:high], default=0))])
    return shown
