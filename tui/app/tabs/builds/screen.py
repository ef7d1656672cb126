"""Builds: running ones first, wherever they were started; what became of each."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on

from ...app_api import app_of
from ...background import call
from ...dialogs.prompt import Prompt
from ...screens.polled_list_screen import PolledListScreen
from ...widgets.paragraphs import Paragraphs
from ...widgets.path_suggester import PathSuggester
from ...widgets.table import Table
from .detail import detail_of
from .operations import BuildOperations
from .table import COLUMNS, rows_of

if TYPE_CHECKING:
    from .....core.builds import Build, Record
    from ....services.content import BuildEntry, ContentService


class BuildsScreen(PolledListScreen["tuple[BuildEntry, ...]"]):
    """The list and, beside or below it, the detail of the selected build."""

    scope = "builds"
    columns = COLUMNS
    nothing_found = "No build holds that."
    empty = "Nothing has been built here yet; deploy something on the Content tab."

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[BuildEntry, ...] = ()
        self._build: Build | None = None

    def open_with(self, given: object) -> None:
        """Given the id of a build, show it."""
        if isinstance(given, str):
            self.show_build(given)

    # What is known

    @property
    def entry(self) -> BuildEntry | None:
        """The selected build."""
        key = self.query_one(Table).key
        return next((entry for entry in self._entries if entry.row.id == key), None)

    @property
    def moves(self) -> bool:
        return any(entry.is_running for entry in self._entries)

    def ask_for(self, workshop: ContentService) -> Callable[[], tuple[BuildEntry, ...]]:
        return workshop.builds

    def take(self, known: tuple[BuildEntry, ...]) -> None:
        before = self.entry
        self._entries = known
        self.show_list()
        if self.entry != before or self._build is None:
            self._ask_detail()

    def _ask_detail(self) -> None:
        entry, workshop = self.entry, self.workshop
        if entry is None or workshop is None:
            self._build = None
            self._show_detail()
            return

        def told(build: Build) -> None:
            if self.entry is not None and build.id == self.entry.row.id:
                self._build = build
                self._show_detail()

        call(self, lambda: workshop.record(entry.row.id).build(), told, self.failed)

    # What is shown

    def show_list(self) -> None:
        looks, now = app_of(self).looks, time.time()
        self.fill(rows_of(self._entries, looks, now))
        self.actions_changed()

    def _show_detail(self) -> None:
        lines = self.query_one(Paragraphs)
        if self._build is None:
            lines.show(())
        else:
            lines.show(detail_of(self._build, app_of(self).looks, time.time()), keep_place=True)

    @on(Table.Moved)
    def _moved(self) -> None:
        self.actions_changed()
        self.query_one(Paragraphs).scroll_home(animate=False)
        self._ask_detail()

    @on(Table.Chosen)
    def _chosen(self) -> None:
        self.do_show()

    # What is possible

    def why_no_build(self) -> str | None:
        return None if self.entry is not None else "no build is selected"

    def why_no_cancel(self) -> str | None:
        if self.entry is None:
            return "no build is selected"
        return None if self.entry.is_running else "this build has ended"

    def why_no_retry(self) -> str | None:
        if self.entry is None:
            return "no build is selected"
        return "this build still runs" if self.entry.is_running else None

    def why_no_export(self) -> str | None:
        return self.why_no_retry()

    # What is done

    def do_show(self) -> None:
        if self.entry is not None:
            self.show_build(self.entry.row.id)

    def show_build(self, build: str) -> None:
        """Open the screen of one build."""
        workshop = self.workshop
        if workshop is None:
            return
        from .build_screen import BuildScreen

        def found(record: Record) -> None:
            self.app.push_screen(BuildScreen(record, workshop))

        call(self, lambda: workshop.record(build), found, self.failed)

    def do_cancel(self) -> None:
        if self.entry is not None and self.workshop is not None:
            BuildOperations(self, self.workshop).cancel(self.entry.row.id, self.entry.row.content)

    def do_retry(self) -> None:
        if self.entry is not None and self.workshop is not None:
            BuildOperations(self, self.workshop).retry(
                self.entry.row.id, self.entry.row.content, lambda build: self.show_build(build.id)
            )

    def do_export(self) -> None:
        if self.entry is not None and self.workshop is not None:
            BuildOperations(self, self.workshop).export(self.entry.row.id)

    def do_diagnose(self) -> None:
        if self.entry is not None:
            from ....services.diagnosis import DiagnosisInput

            app_of(self).open_tab("diagnosis", DiagnosisInput(build=self.entry.row.id))

    def do_open(self) -> None:
        self.app.push_screen(
            Prompt(
                "Open a build's record",
                "the exported .tar.gz, or a record's folder",
                why_not=lambda text: None if text.strip() else "a path is needed",
                suggester=PathSuggester(),
            ),
            self._open,
        )

    def _open(self, name: str | None) -> None:
        if not name:
            return
        from .....core.builds import OpenRecord, open_record
        from .build_screen import BuildScreen

        def opened(record: OpenRecord) -> None:
            self.app.push_screen(BuildScreen(record, None))

        path = Path(name.strip()).expanduser()
        call(self, lambda: open_record(path), opened, self.failed)
