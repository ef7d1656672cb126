"""Edit a scenario on the screen: title, notes, and what its present request should get."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from .....core.errors import RequestError
from .....core.scenarios import NO_MATCH, Scenario, ScenarioRequest
from .....core.versions import PythonVersion
from ...app_api import app_of
from ...dialogs.dialog import Dialog, hints
from ...widgets.field import Field


class ScenarioEditor(Dialog[Scenario]):
    """Answers with the changed scenario; nothing is written before it is saved.

    request: its present one; one that the scenario does not have yet is added.
    answer: what that request gets now, as an expectation.
    """

    BINDINGS: ClassVar[list[BindingType]] = [("ctrl+s", "keep", ""), ("ctrl+e", "take_answer", "")]

    def __init__(self, scenario: Scenario, request: ScenarioRequest, answer: str) -> None:
        super().__init__()
        self._scenario = scenario
        self._request = request
        self._answer = answer

    def compose(self) -> ComposeResult:
        display = app_of(self).terminal_display
        request = display.line(self._request.text, 40)
        with Vertical(classes="box wide editor") as box:
            box.border_title = "Edit the scenario"
            box.border_subtitle = hints(
                **{"tab": "Next field", "ctrl+e": "Expect the answer", "ctrl+s": "OK"},
                escape="Cancel",
            )
            yield Static("Title", classes="hint", markup=False)
            yield Field(display.line(self._scenario.title), id="title")
            yield Static("Notes for the audience", classes="hint", markup=False)
            yield _area(display.lines(self._scenario.notes), "notes")
            yield Static(
                f"{request} should get (a version, {NO_MATCH}, or nothing)",
                classes="hint",
                markup=False,
            )
            yield Field(self._request.expected or "", placeholder=self._answer, id="expected")
            yield Static(f"Notes on {request}", classes="hint", markup=False)
            yield _area(display.lines(self._request.notes), "request-notes")
            yield Static(classes="problem", markup=False)

    def on_mount(self) -> None:
        self.query_one("#title").focus()

    def action_take_answer(self) -> None:
        self.query_one("#expected", Field).value = self._answer

    def action_keep(self) -> None:
        expected = self.query_one("#expected", Field).value.strip()
        reason = _why_not_expected(expected)
        title = self.query_one("#title", Field).value.strip()
        if not title:
            reason = "a title is needed"
        if reason is not None:
            display = app_of(self).terminal_display
            self.query_one(".problem", Static).update(
                Content(f"{display.doubtful} {display.line(reason, 200)}")
            )
            return
        request = replace(
            self._request,
            expected=expected or None,
            notes=self._text("request-notes", self._request.notes),
        )
        self.dismiss(
            replace(
                self._scenario,
                title=title,
                notes=self._text("notes", self._scenario.notes),
                requests=_with(self._scenario.requests, request),
            )
        )

    def _text(self, id: str, before: str) -> str:  # noqa: A002 - Textual's own name for it
        """Return an edited text; one that was not edited keeps every character of the file."""
        text = self.query_one(f"#{id}", TextArea).text
        return before if text == app_of(self).terminal_display.lines(before) else text.rstrip()


def _area(text: str, id: str) -> TextArea:  # noqa: A002 - Textual's own name for it
    area = TextArea(text, id=id, tab_behavior="focus", compact=True)
    area.cursor_blink = False
    return area


def _why_not_expected(text: str) -> str | None:
    if text in ("", NO_MATCH):
        return None
    try:
        PythonVersion.parse(text)
    except RequestError as error:
        return error.message
    return None


def _with(
    requests: tuple[ScenarioRequest, ...], changed: ScenarioRequest
) -> tuple[ScenarioRequest, ...]:
    if not changed.text.strip():
        return requests
    if all(each.text != changed.text for each in requests):
        return (*requests, changed)
    return tuple(changed if each.text == changed.text else each for each in requests)
