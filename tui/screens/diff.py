"""A change to the settings file, shown before it is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from ...core.errors import StewardError
from ...core.secrets import mask_secrets
from ..errands import do
from ..house import house
from ..looks import Looks
from ..widgets.lines import Line
from .base import StewardScreen
from .question import Question

if TYPE_CHECKING:
    from ...core.settings import Edit


def offer(screen: StewardScreen, edit: Edit) -> None:
    """Show what an edit changes and, after a yes, write it and read the settings again."""
    looks = house(screen).looks
    if not edit.changes:
        house(screen).say("Nothing would change.")
        return

    def answered(is_yes: bool | None) -> None:
        if is_yes:
            do(screen, edit.write, written, failed)

    def written(backup: Path | None) -> None:
        house(screen).say(f"Written. The file as it was: {backup}")
        house(screen).reload()

    def failed(problem: StewardError) -> None:
        house(screen).say(str(problem), problem=True)

    body = diff_lines(mask_secrets(edit.diff()), looks)
    screen.app.push_screen(Question("Write this change?", body, yes="writes it"), answered)


def diff_lines(diff: str, looks: Looks) -> list[Line]:
    """A unified diff; its own signs say what its colours do."""
    styles = {"+": "$text-success", "-": "$text-error", "@": "$muted"}
    return [
        Line(Content.styled(looks.line(text), styles.get(text[:1], "")), hang=1)
        for text in diff.splitlines()
    ]
