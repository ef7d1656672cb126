"""The line at the bottom: the actions of a screen, with their keys."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.content import Content
from textual.widget import Widget

from ..actions import SHARED_ACTIONS, Action
from ..app_api import app_of


class Footer(Widget):
    """The actions of a screen; one that is not possible now is gray and in brackets.

    Actions of the footer come first, others where there is room. What does not fit is left out
    from the right; help, commands and quit always stay.
    """

    def __init__(self, actions: Iterable[Action]) -> None:
        super().__init__()
        self._here = sorted(actions, key=lambda action: not action.footer)
        self._everywhere = [action for action in SHARED_ACTIONS if action.footer]
        self._places: list[tuple[int, int, Action]] = []

    def render(self) -> Content:
        self._places.clear()
        if self.app.screen is not self.screen:
            # The keys belong to the dialog in front, which names them itself.
            return Content("")
        always = [self._entry(action) for action in self._everywhere]
        room = self.size.width - sum(entry.cell_length for entry in always) - 1
        line, column = [Content(" ")], 1
        for action in self._here:
            entry = self._entry(action)
            if column + entry.cell_length > room:
                break
            line.append(entry)
            self._places.append((column, column + entry.cell_length, action))
            column += entry.cell_length
        line.append(Content(" " * (room + 1 - column)))
        column = room + 1
        for action, entry in zip(self._everywhere, always, strict=True):
            line.append(entry)
            self._places.append((column, column + entry.cell_length, action))
            column += entry.cell_length
        return Content("").join(line)

    def _entry(self, action: Action) -> Content:
        if app_of(self).why_not(action.id) is not None:
            return Content.styled(f"({action.key}) {action.label} ", "$disabled")
        return Content.assemble(
            (f" {action.key}", "bold $text-primary"), (f" {action.label} ", "$muted")
        )

    def on_click(self, event: events.Click) -> None:
        for start, end, action in self._places:
            if start <= event.x < end:
                app_of(self).act(action.id)
                return
