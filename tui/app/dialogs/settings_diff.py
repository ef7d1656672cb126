"""A change to the settings file, shown before it is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from ....core.errors import StewardError
from ....core.secrets import mask_secrets
from ...terminal.display import Display
from ..app_api import app_of
from ..background import do
from ..screens.base import StewardScreen
from ..widgets.paragraphs import Paragraph
from .confirm import Confirm

if TYPE_CHECKING:
    from ....core.settings import Edit


def offer(screen: StewardScreen, edit: Edit) -> None:
    """Show what an edit changes and, after a yes, write it and read the settings again."""
    looks = app_of(screen).looks
    if not edit.changes:
        app_of(screen).say("Nothing would change.")
        return

    def answered(is_yes: bool | None) -> None:
        if is_yes:
            do(screen, edit.write, written, failed)

    def written(backup: Path | None) -> None:
        app_of(screen).say(f"Written. The file as it was: {backup}")
        app_of(screen).reload()

    def failed(problem: StewardError) -> None:
        app_of(screen).say(str(problem), problem=True)

    body = diff_lines(mask_secrets(edit.diff()), looks)
    screen.app.push_screen(Confirm("Write this change?", body, yes="writes it"), answered)


def diff_lines(diff: str, looks: Display) -> list[Paragraph]:
    """A unified diff; its own signs say what its colours do."""
    styles = {"+": "$text-success", "-": "$text-error", "@": "$muted"}
    return [
        Paragraph(Content.styled(looks.line(text), styles.get(text[:1], "")), hang=1)
        for text in diff.splitlines()
    ]
