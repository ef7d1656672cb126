"""Roll content back to its previous environment, after a question."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.content import Content

from ..background import call
from ..screens.base import StewardScreen
from ..widgets.paragraphs import Paragraph
from .confirm import Confirm

if TYPE_CHECKING:
    from ....core.builds import Content as DeployedContent
    from ....core.services import ContentService


def ask_to_roll_back(
    screen: StewardScreen, service: ContentService, content: str, then: Callable[[], object]
) -> None:
    """content: its name. then: called once it is done."""
    steward = screen.steward

    def rolled_back(now: DeployedContent) -> None:
        version = now.python.version if now.python is not None else ""
        steward.say(f"{content} uses its previous environment again, of Python {version}.")
        then()

    def answered(is_yes: bool | None) -> None:
        if is_yes:
            call(screen, lambda: service.roll_back(content), rolled_back, must_finish=True)

    body = [
        Paragraph(Content(steward.terminal_display.line(content)), hang=2),
        Paragraph(),
        Paragraph(Content("It stays there until it is deployed or rebuilt.")),
    ]
    screen.app.push_screen(Confirm("Roll back to its previous environment?", body), answered)
