"""The backups of the settings file: what each would change, and putting one back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from .....core.errors import StewardError
from .....core.secrets import mask_secrets
from ...app_api import app_of
from ...background import call
from ...dialogs.dialog import Dialog, hints
from ...dialogs.settings_diff import diff_lines
from ...widgets.paragraphs import Paragraph, Paragraphs
from ...widgets.table import Cell, Column, Row, Table

if TYPE_CHECKING:
    from .....core.settings import Backup, Edit

_COLUMNS = (Column("Written (UTC)", 20), Column("Bytes", 8), Column("File", middle=True))


class BackupsDialog(Dialog["Edit"]):
    """Answers with the edit that puts the selected backup back; below the list is what it
    changes."""

    def __init__(self) -> None:
        super().__init__()
        self._backups: tuple[Backup, ...] = ()
        self._edit: Edit | None = None
        self._asked: str | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="box full backups") as box:
            box.border_title = "Backups of the settings"
            box.border_subtitle = hints(enter="Restore", tab="Scroll", escape="Close")
            yield Table(_COLUMNS, empty="Reading.", title="Backups")
            yield Paragraphs()

    def on_mount(self) -> None:
        self.query_one(Table).focus()
        call(self, app_of(self).source.backups, self._take, self._fail)

    def _take(self, backups: tuple[Backup, ...]) -> None:
        self._backups = backups
        display = app_of(self).terminal_display
        self.query_one(Table).show(
            [
                Row(
                    str(each.path),
                    (
                        Cell(each.written.replace("T", " ").removesuffix("Z")),
                        Cell(f"{each.size:,}", order=each.size),
                        Cell(display.line(each.path.name), "muted"),
                    ),
                )
                for each in backups
            ],
            "There is no backup yet: the first change to the settings makes one.",
        )

    def _fail(self, problem: StewardError) -> None:
        self._edit = None
        text = app_of(self).terminal_display.line(str(problem), 400)
        self.query_one(Paragraphs).show([Paragraph(Content(text))])

    @on(Table.Moved)
    def _moved(self, event: Table.Moved) -> None:
        """Read the backup under the cursor and compare it."""
        backup = next((each for each in self._backups if str(each.path) == event.key), None)
        if backup is None:
            return
        self._edit, self._asked = None, event.key
        source = app_of(self).source

        def compared(edit: Edit) -> None:
            if self._asked == event.key:
                self._edit = edit
                same = [Paragraph(Content("The settings file is the same."))]
                lines = diff_lines(mask_secrets(edit.diff()), app_of(self).terminal_display)
                self.query_one(Paragraphs).show(lines if edit.changes else same)

        def refused(problem: StewardError) -> None:
            if self._asked == event.key:
                self._fail(problem)

        call(self, lambda: source.restore(backup.path), compared, refused)

    @on(Table.Chosen)
    def _chosen(self) -> None:
        if self._edit is not None and self._edit.changes:
            self.dismiss(self._edit)
