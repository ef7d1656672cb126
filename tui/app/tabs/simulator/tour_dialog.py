"""The tour: a box at the bottom, with the simulator behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from ...app_api import app_of
from ...dialogs.dialog import Dialog, hints
from .tour import TourStop


class TourScreen(Dialog[None]):
    """show: has the simulator show a stop."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("enter,right,n,space,down,j,l", "turn(1)", ""),
        ("left,N,backspace,up,k,h", "turn(-1)", ""),
        ("q", "cancel", ""),
        ("question_mark,f1", "act('everywhere.help')", ""),
        ("colon,ctrl+p", "act('everywhere.palette')", ""),
    ]

    def __init__(self, stops: Sequence[TourStop], show: Callable[[TourStop], None]) -> None:
        super().__init__()
        self._stops = stops
        self._show_stop = show
        self._at = 0

    def compose(self) -> ComposeResult:
        with Vertical(classes="box tour"):
            yield Static(markup=False)

    def on_mount(self) -> None:
        self._show()

    def action_act(self, action_id: str) -> None:
        app_of(self).act(action_id)

    def action_turn(self, by: int) -> None:
        """Go to the next stop or the one before; after the last the tour is over."""
        if self._at + by >= len(self._stops):
            self.dismiss(None)
            return
        self._at = max(0, self._at + by)
        self._show()

    def _show(self) -> None:
        stop = self._stops[self._at]
        self._show_stop(stop)
        box = self.query_one(Vertical)
        box.border_title = f"Tour {self._at + 1} of {len(self._stops)}: {stop.title}"
        box.border_subtitle = hints(enter="Continue", left="Back", escape="End")
        self.query_one(Static).update(Content(stop.text))
