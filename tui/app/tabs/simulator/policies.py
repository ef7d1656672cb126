"""The three policies side by side: what each would answer."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import set_cell_size
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from .....core.matching import Decision, Policy
from ...app_api import app_of
from .model import SimulatorModel

_Styled = tuple[str, str]


class Policies(Widget):
    """Three columns, each with its policy, its answer and its rule; a click chooses one."""

    class Chosen(Message):
        """A policy was clicked."""

        def __init__(self, policy: Policy) -> None:
            super().__init__()
            self.policy = policy

    def __init__(self) -> None:
        super().__init__()
        self._simulation: SimulatorModel | None = None

    def show(self, simulation: SimulatorModel | None) -> None:
        """Show the answers of this one; None hides them."""
        if simulation != self._simulation:
            self._simulation = simulation
            self.refresh()

    def render(self) -> Content:
        active = self._simulation.policy if self._simulation else None
        columns = [self._column(policy, policy is active) for policy in Policy]
        width = self._width
        lines = [
            Content.assemble(*(_fit(column[number], width) for column in columns))
            for number in range(3)
        ]
        return Content("\n").join(lines)

    @property
    def _width(self) -> int:
        return self.size.width // len(Policy)

    def on_click(self, event: events.Click) -> None:
        place = event.get_content_offset(self)
        if place is not None and self._width:
            at = min(place.x // self._width, len(Policy) - 1)
            self.post_message(self.Chosen(list(Policy)[at]))

    def _column(self, policy: Policy, is_active_policy: bool) -> Sequence[_Styled]:
        display = app_of(self).terminal_display
        mark = display.chosen if is_active_policy else " "
        head = (f"{mark} {policy.value}", "bold" if is_active_policy else "$muted")
        decision = self._simulation.decide(policy) if self._simulation else None
        return (head, *self._answer(decision))

    def _answer(self, decision: Decision | None) -> tuple[_Styled, _Styled]:
        display = app_of(self).terminal_display
        if decision is None:
            return ("  -", "$muted"), ("", "")
        if decision.selected is None or decision.rule is None:
            return (f"  {display.bad} no match", "bold $text-error"), ("", "")
        return (
            (f"  {decision.selected.version}", "bold $text-success"),
            (f"  {decision.rule.value}", "$muted"),
        )


def _fit(styled: _Styled, width: int) -> _Styled:
    text, style = styled
    return set_cell_size(text, width), style
