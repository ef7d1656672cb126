"""Puts content back on its environment before this one, after a question."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.content import Content

from ....core.errors import StewardError
from ..app_api import app_of
from ..background import do
from ..screens.base import StewardScreen
from ..widgets.paragraphs import Paragraph
from .confirm import Confirm

if TYPE_CHECKING:
    from ...services.upgrades import UpgradeService


def ask_to_put_back(
    screen: StewardScreen, desk: UpgradeService, content: str, then: Callable[[], object]
) -> None:
    """content: its name. then: called once it is done."""
    steward = app_of(screen)

    def put_back(version: str) -> None:
        steward.say(f"{content} is on its environment from before, of Python {version}.")
        then()

    def failed(problem: StewardError) -> None:
        steward.say(str(problem), problem=True)

    def answered(is_yes: bool | None) -> None:
        if is_yes:
            do(screen, lambda: desk.put_back(content), put_back, failed)

    body = [
        Paragraph(Content(steward.looks.line(content)), hang=2),
        Paragraph(),
        Paragraph(Content("It stays there until it is deployed or built again.")),
    ]
    title = "Put this back on the environment it had before?"
    screen.app.push_screen(Confirm(title, body, yes="puts it back", no="leaves it"), answered)
