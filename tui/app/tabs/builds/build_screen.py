"""One build: how far it is or what became of it, its cause first, and its log, live."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget

from .....core.errors import StateError, StewardError
from ....services.content import Progress, after
from ...app_api import app_of
from ...background import call
from ...log.commands import LogPanel
from ...log.navigation import LogPhase
from ...screens.log_screen import LogScreen
from ...widgets.paragraphs import Paragraph, Paragraphs
from .detail import finding_lines, head_of
from .follower import BuildEvents, BuildFollower
from .operations import BuildOperations
from .replay import Replay
from .table import doing

if TYPE_CHECKING:
    from .....core.builds import Build, Event, Record
    from ....services.content import ContentService

_LOOK = 1.0
_FRAME = 0.25


class BuildScreen(LogScreen):
    """Follows a build, also one that was started elsewhere, and plays it again when it is over.

    record: of the build. workshop: whose it is; None for a record from elsewhere.
    """

    scope = "build"
    tab = "builds"

    CSS_PATH = "style.tcss"

    def __init__(self, record: Record, workshop: ContentService | None) -> None:
        super().__init__()
        self._record = record
        self._workshop = workshop
        self._build: Build | None = None
        self._progress = Progress()
        self._events: list[Event] = []
        self._follower = BuildFollower(record, self)
        self._is_told = False
        self._replay: Replay | None = None
        self._clock: Timer | None = None
        self._beats: Timer | None = None

    def compose_body(self) -> Iterable[Widget]:
        yield Paragraphs(id="head")
        yield LogPanel(app_of(self).looks, remote=app_of(self).terminal.remote)

    def on_mount(self) -> None:
        self.query_one("#head", Paragraphs).can_focus = False
        self.log_panel.view.focus()
        call(self, self._record.build, self._opened, self._failed)

    def on_unmount(self) -> None:
        self._follower.stop()
        close = getattr(self._record, "close", None)
        if close is not None:
            close()

    @property
    def log_panel(self) -> LogPanel:
        return self.query_one(LogPanel)

    # What is known

    def _opened(self, build: Build) -> None:
        self._build = build
        self._open_log(build)
        self._follower.start()
        if build.is_running:
            self._clock = self.set_interval(_LOOK, self._show)
        self._show()

    def _open_log(self, build: Build) -> None:
        try:
            self.log_panel.open(
                self._record.log,
                live=build.is_running,
                phases=phases_of(self._events),
                evidence=_evidence(build),
                at_error=build.outcome == "failed",
            )
        except StateError as problem:
            self._failed(problem)

    def on_build_events(self, message: BuildEvents) -> None:
        """The follower's news."""
        self._events += message.events
        for event in message.events:
            self._progress = after(self._progress, event)
        self.log_panel.set_phases(phases_of(self._events))
        if any(type(event).__name__ == "Finished" for event in message.events):
            self._is_told = True
            # Also of a build that was over: where its worker was killed, that is settled by now.
            call(self, self._record.build, self._ended, self._failed)
        self._show()

    def _ended(self, build: Build) -> None:
        was_running = self._build is not None and self._build.is_running
        self._build = build
        if was_running:
            self._stop(self._clock)
            panel = self.log_panel
            panel.finished()
            panel.mark(_evidence(build), jump=build.outcome == "failed" and panel.view.following)
            if build.outcome == "failed":
                self.app.bell()
        self._show()

    def _failed(self, problem: StewardError) -> None:
        app_of(self).say(str(problem), problem=True)

    # What is shown

    def _show(self) -> None:
        if self._build is None or not self.is_mounted:
            return
        lines = [Paragraph(self._headline(self._build))]
        if self._replay is None:
            cause = next((f for f in self._build.findings if f.role != "consequence"), None)
            if cause is not None:
                lines += finding_lines(cause, app_of(self).looks)
        self.query_one("#head", Paragraphs).show(lines, keep_place=True)
        self.actions_changed()

    def _headline(self, build: Build) -> Content:
        looks = app_of(self).looks
        if self._replay is not None:
            now = doing(self._replay.progress(), looks)
            speed = f"{self._replay.speed:g}x"
            return Content.assemble(("replay ", "bold"), speed, "  ", (now, "$text-primary"))
        head = head_of(build, looks, time.time()).content
        if build.is_running:
            return Content.assemble(head, "  ", (doing(self._progress, looks), "$text-primary"))
        return head

    def go_back(self) -> bool:
        return self.log_panel.go_back()

    # What is possible

    def why_no_cancel(self) -> str | None:
        if self._workshop is None:
            return "this is the record of a build elsewhere"
        running = self._build is not None and self._build.is_running
        return None if running else "this build has ended"

    def why_no_retry(self) -> str | None:
        if self._workshop is None:
            return "this is the record of a build elsewhere"
        return self._why_not_over()

    def why_no_export(self) -> str | None:
        return self.why_no_retry()

    def why_no_diagnosis(self) -> str | None:
        return None if self._build is not None else "the build is being read"

    def why_no_replay(self) -> str | None:
        return self._why_not_over() or (None if self._is_told else "the build is being read")

    def why_no_speed(self) -> str | None:
        return self.why_no_replay() or (None if self._replay else "nothing is replayed; t does")

    def _why_not_over(self) -> str | None:
        over = self._build is not None and not self._build.is_running
        return None if over else "this build still runs"

    # What is done

    def do_cancel(self) -> None:
        if self._workshop is not None and self._build is not None:
            BuildOperations(self, self._workshop).cancel(self._build.id, self._build.content)

    def do_retry(self) -> None:
        workshop, build = self._workshop, self._build
        if workshop is not None and build is not None:
            BuildOperations(self, workshop).retry(build.id, build.content, self._go_on_with)

    def _go_on_with(self, build: Build) -> None:
        from .....core.builds import Record

        self.app.switch_screen(BuildScreen(Record(build.folder), self._workshop))

    def do_export(self) -> None:
        if self._workshop is not None:
            BuildOperations(self, self._workshop).export(self._record.id)

    def do_diagnose(self) -> None:
        from ....services.diagnosis import DiagnosisInput

        given = (
            DiagnosisInput(build=self._record.id)
            if self._workshop is not None
            else DiagnosisInput(path=self._record.folder, name=self._record.id)
        )
        app_of(self).open_tab("diagnosis", given)

    # Playing it again

    def do_replay(self) -> None:
        if self._replay is not None:
            self._stop_replay()
            return
        panel = self.log_panel
        try:
            size = self._record.log.stat().st_size
            self._replay = Replay(self._events, size)
            panel.open(
                self._record.log,
                live=True,
                phases=phases_of(self._events),
                until=self._replay.offset,
            )
        except (OSError, StateError) as problem:
            self._replay = None
            app_of(self).say(str(problem), problem=True)
            return
        self._beats = self.set_interval(_FRAME, self._beat)
        self._show()

    def do_faster(self) -> None:
        if self._replay is not None:
            self._replay.change_speed(1)
            self._show()

    def do_slower(self) -> None:
        if self._replay is not None:
            self._replay.change_speed(-1)
            self._show()

    def _beat(self) -> None:
        if self._replay is not None and self._replay.is_over:
            self._stop_replay()
        self._show()

    def _stop_replay(self) -> None:
        self._replay = None
        self._stop(self._beats)
        if self._build is not None:
            self._open_log(self._build)
        self._show()

    def _stop(self, timer: Timer | None) -> None:
        if timer is not None:
            timer.stop()


def phases_of(events: Iterable[Event]) -> list[LogPhase]:
    """Where in the log each phase begins; one that goes on with another detail is the same."""
    from .....core.builds import Phase as Begun

    phases: list[LogPhase] = []
    for event in events:
        if isinstance(event, Begun) and not (phases and phases[-1].name == event.name):
            phases.append(LogPhase(event.name, event.offset))
    return phases


def _evidence(build: Build) -> list[int]:
    """The lines of the shown log that prove what went wrong, the root cause's first."""
    return [
        line.line for finding in build.findings for line in finding.evidence if line.source == "log"
    ]
