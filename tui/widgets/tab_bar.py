"""The tabs and their number keys."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.widget import Widget

from ..house import house
from ..screens import TABS


class TabBar(Widget):
    """One line: ``1 Installations  2 Simulator``; the one in front stands out."""

    def __init__(self, current: str) -> None:
        super().__init__()
        self._current = current

    def render(self) -> Content:
        parts: list[Content] = []
        for number, tab in enumerate(TABS, 1):
            if tab.name == self._current:
                parts.append(
                    Content.styled(f"[{number} {tab.title}]", "bold $background on $primary")
                )
            else:
                parts.append(Content.assemble((f" {number} ", "$muted"), (f"{tab.title} ", "")))
        return Content("").join([Content(" "), *parts])

    def on_click(self, event: events.Click) -> None:
        end = 1
        for number, tab in enumerate(TABS, 1):
            end += len(f" {number} {tab.title} ")
            if event.x < end:
                house(self).open_tab(tab.name)
                return
