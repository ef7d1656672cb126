"""The tabs and their number keys."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.widget import Widget

from ..house import house
from ..screens import TABS


class TabBar(Widget):
    """One line: ``1 Installations  2 Simulator``; the one in front is reversed."""

    def __init__(self, current: str) -> None:
        super().__init__()
        self._current = current

    def render(self) -> Content:
        return Content("").join(
            Content.styled("".join(parts), "bold reverse $primary")
            if tab.name == self._current
            else Content.assemble((parts[0], "$muted"), *parts[1:])
            for tab, parts in zip(TABS, self._parts(), strict=True)
        )

    def _parts(self) -> list[tuple[str, str, str]]:
        """Number, title and space of each tab: roomy where they all fit so."""
        roomy = [(f"  {number} ", tab.title, "  ") for number, tab in enumerate(TABS, 1)]
        if sum(len("".join(parts)) for parts in roomy) <= self.size.width:
            return roomy
        return [(f"{number} ", tab.title, " ") for number, tab in enumerate(TABS, 1)]

    def on_click(self, event: events.Click) -> None:
        end = 0
        for tab, parts in zip(TABS, self._parts(), strict=True):
            end += len("".join(parts))
            if event.x < end:
                house(self).open_tab(tab.name)
                return
