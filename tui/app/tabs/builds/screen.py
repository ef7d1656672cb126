"""The Builds tab: running builds of all users first, then the newest."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on

from .....core.errors import StewardError
from ...app_api import app_of
from ...background import call, result_of
from ...dialogs.many import ask_for_many
from ...dialogs.path_prompt import ask_path
from ...screens.polled_list_screen import PolledListScreen
from ...widgets.paragraphs import Paragraphs
from ...widgets.table import Table
from .actions import BUILDS_ACTIONS
from .detail import detail_of
from .operations import BuildOperations
from .table import COLUMNS, rows_of

if TYPE_CHECKING:
    from .....core.builds import Build, BuildEntry, OpenRecord
    from .....core.services import BuildService

_LOOKS, _PAUSE = 10, 0.03  # how often, and with how many seconds between


class BuildsScreen(PolledListScreen["tuple[BuildEntry, ...]"]):
    """The list and, beside or below it, the detail of the selected build."""

    scope = "builds"
    actions = BUILDS_ACTIONS
    columns = COLUMNS
    enter_is_action = True
    list_title = "Builds"
    filter_example = "python:3.8 outcome:failed"
    nothing_found = "No build matches the filter."
    empty = "There are no builds yet; deploy a bundle on the Content tab."

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[BuildEntry, ...] = ()
        self._build: Build | None = None
        self._wanted: str | None = None

    def open_with(self, argument: object) -> None:
        """argument: the id of a build."""
        if isinstance(argument, str):
            self._wanted = argument
            self._select_wanted()
            self.show_build(argument, leads_back=True)

    def _select_wanted(self) -> None:
        """Select the build that was opened, once it is listed."""
        if any(entry.row.id == self._wanted for entry in self._entries):
            self.query_one(Table).select(self._wanted or "")
            self._wanted = None

    # What is known

    @property
    def entry(self) -> BuildEntry | None:
        """The selected build."""
        key = self.query_one(Table).key
        return next((entry for entry in self._entries if entry.row.id == key), None)

    @property
    def _targets(self) -> list[BuildEntry]:
        """The marked builds, else the selected one."""
        targets = self.targets
        return [entry for entry in self._entries if entry.row.id in targets]

    @property
    def _still_running(self) -> list[BuildEntry]:
        return [entry for entry in self._targets if entry.is_running]

    @property
    def _ended(self) -> list[BuildEntry]:
        return [entry for entry in self._targets if not entry.is_running]

    @property
    def moves(self) -> bool:
        return any(entry.is_running for entry in self._entries)

    def ask_for(self, service: BuildService) -> Callable[[], tuple[BuildEntry, ...]]:
        return service.list

    def take(self, known: tuple[BuildEntry, ...]) -> None:
        before = self.entry
        self._entries = known
        self.show_list()
        self._select_wanted()
        if self.entry != before or self._build is None:
            self._ask_detail()

    def _ask_detail(self) -> None:
        entry, service = self.entry, self.service
        if entry is None or service is None:
            self._build = None
            self._show_detail()
            return

        def told(build: Build) -> None:
            if self.entry is not None and build.id == self.entry.row.id:
                self._build = build
                self._show_detail()

        call(self, lambda: service.record(entry.row.id).build(), told)

    # What is shown

    def show_list(self) -> None:
        display, now = app_of(self).terminal_display, time.time()
        self.fill(rows_of(self._entries, display, now))
        self.actions_changed()

    def _show_detail(self) -> None:
        lines = self.query_one(Paragraphs)
        if self._build is None:
            lines.show(())
        else:
            lines.show(
                detail_of(self._build, app_of(self).terminal_display, time.time()), keep_place=True
            )

    @on(Table.Moved)
    def _moved(self) -> None:
        self.actions_changed()
        self.query_one(Paragraphs).scroll_home(animate=False)
        self._ask_detail()

    @on(Table.Chosen)
    def _chosen(self) -> None:
        app_of(self).act("builds.show")

    # What is possible

    def why_no_build(self) -> str | None:
        return None if self.entry is not None else "no build is selected"

    def why_no_cancel(self) -> str | None:
        if self.entry is None:
            return "no build is selected"
        return None if self._still_running else "this build has ended"

    def why_no_retry(self) -> str | None:
        if self.entry is None:
            return "no build is selected"
        return self.why_read_only() if self._ended else "this build is running"

    def why_no_remove(self) -> str | None:
        return self.why_no_retry()

    def why_no_export(self) -> str | None:
        if self.entry is None:
            return "no build is selected"
        return "this build is running" if self.entry.is_running else None

    def why_no_diagnosis(self) -> str | None:
        return self.why_no_build()

    # What is done

    async def do_show(self) -> None:
        if self.entry is not None:
            await self._open_build(self.entry.row.id, leads_back=False)

    def show_build(self, build: str, *, leads_back: bool = False) -> None:
        """Open the screen of one build. leads_back: see StewardScreen."""
        self.run_worker(self._open_build(build, leads_back=leads_back))

    async def _open_build(self, build: str, *, leads_back: bool) -> None:
        """Open it; keys that were typed meanwhile are for its screen, and for its log."""
        service = self.service
        if service is None:
            return
        from .build_screen import BuildScreen

        try:
            record = await result_of(lambda: service.record(build))
        except StewardError as problem:
            self.failed(problem)
            return
        screen = BuildScreen(record, service)
        screen.leads_back = leads_back
        await self.app.push_screen(screen)
        for _ in range(_LOOKS):
            # A damaged record has no log.
            if not screen.query("LogPanel") or screen.log_panel.is_open:
                return
            await asyncio.sleep(_PAUSE)

    def do_cancel(self) -> None:
        service, running = self.service, self._still_running
        if service is None:
            return
        if len(running) == 1:
            BuildOperations(self, service).cancel(running[0].row.id, running[0].row.content)
            return
        ask_for_many(
            self,
            f"Cancel these {len(running)} builds?",
            _named(running),
            "All their processes are stopped. What they have made so far is not used.",
            service.cancel,
            self.ask,
            done="cancelled",
            yes="Cancel",
            no="Keep running",
        )

    def do_retry(self) -> None:
        service, ended = self.service, self._ended
        if service is None:
            return
        if len(ended) == 1:
            BuildOperations(self, service).retry(
                ended[0].row.id, ended[0].row.content, lambda build: self.show_build(build.id)
            )
            return
        ask_for_many(
            self,
            f"Run these {len(ended)} builds again?",
            _named(ended),
            "The same bundles, and the same Pythons while those are usable.",
            service.retry,
            self.ask,
            done="begun",
        )

    def do_remove(self) -> None:
        service, ended = self.service, self._ended
        if service is not None:
            ask_for_many(
                self,
                "Remove this record?" if len(ended) == 1 else f"Remove {len(ended)} records?",
                _named(ended),
                "The log and what was decided are gone. Environments stay.",
                service.remove,
                self.ask,
                done="removed",
                yes="Remove",
            )

    def do_export(self) -> None:
        if self.entry is not None and self.service is not None:
            BuildOperations(self, self.service).export(self.entry.row.id)

    def do_diagnose(self) -> None:
        if self.entry is not None:
            from .....core.services import DiagnosisInput

            row = self.entry.row
            given = DiagnosisInput(build=row.id, name=f"{row.content}, build {row.id}")
            app_of(self).open_tab("diagnosis", given)

    def do_open(self) -> None:
        from .....core import builds
        from .build_screen import BuildScreen

        def opened(record: OpenRecord) -> None:
            self.app.push_screen(BuildScreen(record, None))

        ask_path(
            self,
            "Open a build's record",
            "exported .tar.gz, or a record's directory",
            opened,
            work=builds.open_record,
        )


def _named(entries: list[BuildEntry]) -> list[tuple[str, str]]:
    return [(entry.row.id, f"{entry.row.content}: build {entry.row.id}") for entry in entries]
