"""Puts content back on its environment before this one, after a question."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.content import Content

from ...core.errors import StewardError
from ..errands import do
from ..house import house
from ..widgets.lines import Line
from .base import StewardScreen
from .question import Question

if TYPE_CHECKING:
    from ..upgrading import UpgradeDesk


def ask_to_put_back(
    screen: StewardScreen, desk: UpgradeDesk, content: str, then: Callable[[], object]
) -> None:
    """content: its name. then: called once it is done."""
    steward = house(screen)

    def put_back(version: str) -> None:
        steward.say(f"{content} is on its environment from before, of Python {version}.")
        then()

    def failed(problem: StewardError) -> None:
        steward.say(str(problem), problem=True)

    def answered(is_yes: bool | None) -> None:
        if is_yes:
            do(screen, lambda: desk.put_back(content), put_back, failed)

    body = [
        Line(Content(steward.looks.line(content)), hang=2),
        Line(),
        Line(Content("It stays there until it is deployed or built again.")),
    ]
    title = "Put this back on the environment it had before?"
    screen.app.push_screen(Question(title, body, yes="puts it back", no="leaves it"), answered)
