"""The tabs and their number keys."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.widget import Widget

from ..app_api import Tab, app_of

_SHORTEST = 4  # letters of a title


class TabBar(Widget):
    """One line: ``1 Installations  2 Simulator``; the tab in front is reversed.

    A click goes to a tab, or back if that tab is in front.
    """

    def __init__(self, current: str) -> None:
        super().__init__()
        self._current = current

    def render(self) -> Content:
        return Content("").join(
            Content.styled("".join(parts), "bold reverse $primary")
            if tab.name == self._current
            else Content.assemble((parts[0], "$muted"), *parts[1:])
            for tab, parts in zip(app_of(self).tabs, self._parts(), strict=True)
        )

    def _parts(self) -> list[tuple[str, str, str]]:
        """Number, title and space of each tab: the widest way in which all fit."""
        tabs = app_of(self).tabs
        ways = [
            [(f"  {tab.key} ", tab.title, "  ") for tab in tabs],
            *(
                [(f"{tab.key} ", self._short(tab, length), " ") for tab in tabs]
                for length in range(max(len(tab.title) for tab in tabs), _SHORTEST - 1, -1)
            ),
        ]
        for parts in ways:
            if sum(len("".join(each)) for each in parts) <= self.size.width:
                return parts
        numbers = [(f"{tab.key} ", self._short(tab, 0)) for tab in tabs]
        return [(number, title, " " if title else "") for number, title in numbers]

    def _short(self, tab: Tab, length: int) -> str:
        """Return the start of a title; the tab in front keeps its whole title."""
        return tab.title if tab.name == self._current else tab.title[:length]

    def on_click(self, event: events.Click) -> None:
        end = 0
        for tab, parts in zip(app_of(self).tabs, self._parts(), strict=True):
            end += len("".join(parts))
            if event.x < end:
                if tab.name == self._current:
                    app_of(self).act("everywhere.back")
                else:
                    app_of(self).open_tab(tab.name)
                return
