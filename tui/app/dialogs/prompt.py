"""A dialog with one line to type, checked while it is typed."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from ....core.errors import StewardError
from ..app_api import app_of
from ..background import call
from ..widgets.field import Field
from ..widgets.path_field import PathField, named
from .dialog import Dialog, hints


class Prompt(Dialog[str]):
    """Answers with what was typed, or None.

    why_not: why a text is not accepted, or None. suggester: completes what is typed.
    hint: what can be typed, shown while nothing is wrong.
    work: done with the text in the background; the dialog stays open if it fails.
    result: what work returned, once the dialog is closed.
    """

    def __init__(
        self,
        title: str,
        example: str,
        *,
        value: str = "",
        why_not: Callable[[str], str | None],
        field: Field | None = None,
        hint: str = "",
        work: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__()
        self._hint = hint
        self._title = title
        self._why_not = why_not
        self._field = field or Field(value, placeholder=example)
        self._completes = isinstance(field, PathField)
        self._work = work
        self._is_working = False
        self.result: object = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = Content(self._title)
            completes = {"tab": "Complete"} if self._completes else {}
            box.border_subtitle = hints(**completes, enter="OK", escape="Cancel")
            yield self._field
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
        if reason is not None:
            self._say(reason)
        elif self._work is None:
            self.dismiss(event.value)
        elif not self._is_working:
            self._start(self._work, event.value)

    def _start(self, work: Callable[[str], object], text: str) -> None:
        def done(result: object) -> None:
            self.result = result
            self.dismiss(text)

        def failed(problem: StewardError) -> None:
            self._is_working = False
            self._say(str(problem))

        self._is_working = True
        self.query_one(Static).update("working")
        call(self, lambda: work(text), done, failed, must_finish=True)

    @on(PathField.Candidates)
    def _candidates(self, event: PathField.Candidates) -> None:
        event.stop()
        self.query_one(Static).update(
            Content(app_of(self).terminal_display.line(named(event.names)))
        )

    def _say(self, reason: str | None) -> None:
        display = app_of(self).terminal_display
        text = f"{display.doubtful} {display.line(reason, 300)}" if reason else self._hint
        self.query_one(Static).update(Content(text))
