"""Choose one value of several; what is typed narrows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from ..app_api import app_of
from ..widgets.field import Field
from ..widgets.table import Cell, Column, Row, Table
from .dialog import Dialog, hints

_FEW = 8  # that are seen at a glance


class Choice(Dialog[str]):
    """Answers with a value, or None.

    values: each with what it means. now: the present one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ("down", "move(1)", ""),
        ("up", "move(-1)", ""),
        ("pagedown", "move(10)", ""),
        ("pageup", "move(-10)", ""),
    ]

    def __init__(self, title: str, values: Sequence[tuple[str, str]], now: str) -> None:
        super().__init__()
        self._title = title
        self._values = values
        self._now = now
        self._is_long = len(values) > _FEW

    def compose(self) -> ComposeResult:
        with Vertical(classes="box tall" if self._is_long else "box") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = hints(enter="OK", escape="Cancel")
            if self._is_long:
                yield Field(placeholder="type a part of the name")
            table = Table((Column("Value", 32, fits=True), Column("")), empty="no such name")
            if not self._is_long:
                table.styles.height = len(self._values) + 1
            yield table

    def on_mount(self) -> None:
        table = self.query_one(Table)
        self._show("")
        table.select(self._now)
        if self._is_long:
            table.can_focus = False
            self.query_one(Field).focus()
        else:
            table.focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._show(event.value.strip().lower())

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.dismiss(self.query_one(Table).key)

    @on(Table.Chosen)
    def _chosen(self, event: Table.Chosen) -> None:
        self.dismiss(event.key)

    def action_move(self, by: int) -> None:
        self.query_one(Table).action_move(by)

    def _show(self, part: str) -> None:
        display = app_of(self).terminal_display
        self.query_one(Table).show(
            [
                Row(
                    value,
                    (
                        Cell(display.line(value), "strong"),
                        Cell("now" if value == self._now else display.line(words), "muted"),
                    ),
                )
                for value, words in self._values
                if part in value.lower()
            ]
        )
