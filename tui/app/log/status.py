"""The line under a log: where one is, what is searched for, what is new."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from .log_state import LogState


class LogStatus(Widget):
    """One line; what does not fit is left out, the least telling first."""

    DEFAULT_CSS = """
    LogStatus { height: 1; background: $panel; color: $muted; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._state = LogState()

    @property
    def text(self) -> str:
        """What is shown."""
        return self.render().plain

    def show(self, state: LogState) -> None:
        if state != self._state:
            self._state = state
            self.refresh()

    def render(self) -> Content:
        room = self.size.width - 2
        shown: list[str] = []
        for part in parts_of(self._state):
            width = cell_len(part) + (3 if shown else 0)
            if width <= room:
                shown.append(part)
                room -= width
        return Content(" " + " | ".join(shown))


def parts_of(state: LogState) -> list[str]:
    """Return what there is to say, the most telling first."""
    where = f"line {state.line:,} of {state.lines:,}" if state.lines else "empty"
    parts = [where]
    if state.reading is not None:
        parts = [f"reading {state.reading:.0%}"]
    if state.remark:
        parts.append(state.remark)
    if state.newer:
        parts.append(f"+{state.newer:,} new lines (F)")
    elif state.following and state.live:
        parts.append("following")
    if state.selected:
        parts.append(f"{state.selected:,} selected")
    if state.only:
        parts.append(f"only {state.only}")
    if state.search is not None:
        parts.append(state.search)
    if state.errors:
        parts.append(f"{state.errors:,} error{'s' * (state.errors != 1)}")
    if state.warnings:
        parts.append(f"{state.warnings:,} warning{'s' * (state.warnings != 1)}")
    if state.wrap:
        parts.append("wrapped")
    if state.column:
        parts.append(f"column {state.column + 1:,}")
    return parts
