"""A dialog with one line to type, checked while it is typed."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.suggester import Suggester
from textual.widgets import Input, Static

from ..app_api import app_of
from ..widgets.field import Field
from .dialog import Dialog, hints


class Prompt(Dialog[str]):
    """Answers with what was typed, or None.

    why_not: why a text is not accepted, or None. suggester: completes what is typed.
    hint: what can be typed, shown while nothing is wrong.
    """

    def __init__(
        self,
        title: str,
        example: str,
        *,
        value: str = "",
        why_not: Callable[[str], str | None],
        suggester: Suggester | None = None,
        hint: str = "",
    ) -> None:
        super().__init__()
        self._hint = hint
        self._title, self._example, self._value = title, example, value
        self._why_not = why_not
        self._suggester = suggester

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = Content(self._title)
            completes = {"right": "Complete"} if self._suggester else {}
            box.border_subtitle = hints(**completes, enter="OK", escape="Cancel")
            field = Field(self._value, placeholder=self._example)
            field.suggester = self._suggester
            yield field
            yield Static(app_of(self).terminal_display.line(self._hint), markup=False)

    def on_mount(self) -> None:
        self.query_one(Field).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        reason = self._why_not(event.value) if event.value.strip() else None
        self._say(reason)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        reason = self._why_not(event.value)
        if reason is None:
            self.dismiss(event.value)
        else:
            self._say(reason)

    def _say(self, reason: str | None) -> None:
        display = app_of(self).terminal_display
        text = f"{display.doubtful} {display.line(reason, 300)}" if reason else self._hint
        self.query_one(Static).update(Content(text))
