"""The scroll bar of a log: where one is, and where errors, warnings and evidence lie.

Only cells that change are painted, which while a log streams is next to none.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from .levels import Level
from .line_painting import EVIDENCE, SIGNS

_LOOKED_AT = 64
"""Marks looked at for one cell; where there are more, one of them may well be an error."""


class MarkBar(Widget):
    """One cell for each part of the log: E, W or > for the gravest that lies in it.

    The part in the window is reversed.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "mark-bar--error",
        "mark-bar--warning",
        "mark-bar--evidence",
        "mark-bar--track",
    }

    DEFAULT_CSS = """
    MarkBar {
        width: 1;
        height: 1fr;
        & > .mark-bar--error { color: $text-error; text-style: bold; }
        & > .mark-bar--warning { color: $text-warning; }
        & > .mark-bar--evidence { text-style: bold; }
        & > .mark-bar--track { color: $border; }
    }
    """

    class Pressed(Message):
        """A cell was clicked, or dragged to. share: how far down the log it is, from 0 to 1."""

        def __init__(self, share: float) -> None:
            super().__init__()
            self.share = share

    def __init__(self) -> None:
        super().__init__()
        self._cells: tuple[tuple[str, bool], ...] = ()

    def show(
        self,
        marks_before: Callable[[int], int],
        levels: bytearray,
        evidence: Collection[int],
        count: int,
        window: range,
    ) -> None:
        """Show marks.

        marks_before: how many marks lie before a place. levels: what each of them is.
        evidence: places of evidence.
        count: how many places there are. window: those that are seen.
        """
        height = self.size.height
        before = self._cells
        # A log that is lower than the window has its marks beside its lines.
        scale = max(count, height, 1)
        signs = _signs(marks_before, levels, evidence, scale, height)
        first = min(window.start * height // scale, height - 1)
        after = max(first + 1, -(-window.stop * height // scale))
        is_whole = len(window) >= count
        self._cells = tuple(
            (sign, first <= y < after and not is_whole) for y, sign in enumerate(signs)
        )
        for y, cell in enumerate(self._cells):
            if y >= len(before) or before[y] != cell:
                self.refresh(Region(0, y, 1, 1))

    def render_line(self, y: int) -> Strip:
        sign, is_seen = self._cells[y] if y < len(self._cells) else (" ", False)
        name = {"E": "error", "W": "warning", EVIDENCE: "evidence"}.get(sign, "track")
        style = self.get_component_rich_style(f"mark-bar--{name}")
        return Strip([Segment(sign, style + Style(reverse=True) if is_seen else style)], 1)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self.capture_mouse()
        self._press(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self.app.mouse_captured is self:
            self._press(event)

    def on_mouse_up(self, _event: events.MouseUp) -> None:
        self.release_mouse()

    def _press(self, event: events.MouseEvent) -> None:
        height = max(1, self.size.height)
        self.post_message(self.Pressed(max(0, min(event.y, height - 1)) / max(1, height - 1)))


def _signs(
    marks_before: Callable[[int], int],
    levels: bytearray,
    evidence: Collection[int],
    count: int,
    height: int,
) -> list[str]:
    shown: list[str] = []
    proven = array("Q", sorted(evidence))
    for y in range(height):
        first, after = -(-y * count // height), -(-(y + 1) * count // height)
        at = bisect_left(proven, first)
        if at < len(proven) and proven[at] < after:
            shown.append(EVIDENCE)
            continue
        low = marks_before(first)
        high = min(marks_before(after), low + _LOOKED_AT)
        shown.append(SIGNS[Level(max(levels[low:high], default=0))])
    return shown
