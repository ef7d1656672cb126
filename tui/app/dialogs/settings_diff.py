"""Show a change to the settings file before it is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from ....core.secrets import mask_secrets
from ...terminal.display import Display
from ..background import call
from ..screens.base import StewardScreen
from ..widgets.paragraphs import Paragraph
from .confirm import Confirm

if TYPE_CHECKING:
    from ....core.settings import Edit


def offer(screen: StewardScreen, edit: Edit, then: Callable[[], object] | None = None) -> None:
    """Show what an edit changes; if the user agrees, write it and reload the settings.

    then: called once it is written, before the reload.
    """
    display = screen.steward.terminal_display
    if not edit.changes:
        screen.steward.say("Nothing would change.")
        return

    def answered(is_yes: bool | None) -> None:
        if is_yes:
            call(screen, edit.write, written, must_finish=True)

    def written(backup: Path | None) -> None:
        screen.steward.written_edits.append(edit)
        screen.steward.say(f"Written. The old file is kept as {backup}")
        if then is not None:
            then()
        screen.steward.reload()

    body = diff_lines(mask_secrets(edit.diff()), display)
    screen.app.push_screen(Confirm("Write this change?", body, yes="Write"), answered)


def diff_lines(diff: str, display: Display) -> list[Paragraph]:
    """Return a unified diff; its own signs say what its colors say."""
    styles = {"+": "$text-success", "-": "$text-error", "@": "$muted"}
    return [
        Paragraph(Content.styled(display.line(text), styles.get(text[:1], "")), hang=1)
        for text in diff.splitlines()
    ]
