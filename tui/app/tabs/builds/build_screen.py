"""The screen of one build: its progress or outcome, the root cause, and its log, live."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Horizontal
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget

from .....core import builds
from .....core.errors import StateError
from .....core.times import span
from ...app_api import app_of
from ...background import Stream, call, stream
from ...log.navigation import LogPhase
from ...log.panel import LogPanel
from ...screens.log_screen import LogScreen
from ...widgets.durations import seconds_between
from ...widgets.finding_paragraphs import finding_paragraphs, findings_of
from ...widgets.paragraphs import Paragraph, Paragraphs
from ...widgets.table import Table
from . import cockpit
from .actions import BUILD_ACTIONS
from .detail import head_of
from .operations import BuildOperations
from .replay import Replay
from .table import doing

if TYPE_CHECKING:
    from .....core.builds import Build, Estimate, Event, Record, Timeline
    from .....core.services import BuildService

_LOOK = 1.0
_FRAME = 0.25


class BuildScreen(LogScreen):
    """Follows a build, also one that another process started, and replays it when it is over.

    record: of the build. service: has the build; None for an imported record.
    """

    scope = "build"
    actions = BUILD_ACTIONS
    tab = "builds"

    CSS_PATH = "style.tcss"
    HORIZONTAL_BREAKPOINTS: ClassVar[Any] = [(0, "-narrow"), (120, "-beside")]

    def __init__(self, record: Record, service: BuildService | None) -> None:
        super().__init__()
        self._record = record
        self._service = service
        self._build: Build | None = None
        self._timeline = builds.Timeline()
        self._estimate: Estimate | None = None
        self._environment_size: int | None = None
        self._events: list[Event] = []
        self._following: Stream[Event] | None = None
        self._is_complete = False
        self._replay: Replay | None = None
        self._clock: Timer | None = None
        self._beats: Timer | None = None

    def compose_body(self) -> Iterable[Widget]:
        yield Paragraphs(id="head")
        with Horizontal(id="build"):
            yield LogPanel(app_of(self).terminal_display, remote=app_of(self).terminal.remote)
            yield Table(cockpit.PACKAGE_COLUMNS, id="packages")

    def on_mount(self) -> None:
        self.query_one("#head", Paragraphs).can_focus = False
        self.log_panel.view.focus()
        self.log_panel.line_times = self._time_at
        call(self, self._record.build, self._opened)

    def on_unmount(self) -> None:
        if self._following is not None:
            self._following.stop()
        close = getattr(self._record, "close", None)
        if close is not None:
            close()

    # What is known

    def _opened(self, build: Build) -> None:
        self._build = build
        self._open_log(build)
        self._following = stream(
            self, self._follow, self._take, lambda: None, failed=lambda _: None
        )
        if build.is_running:
            self._clock = self.set_interval(_LOOK, self._show)
            self._ask(lambda service: service.estimate(build), self._take_estimate)
        self._ask_size(build)
        self._show()

    def _ask(self, work: Callable[[BuildService], object], then: Callable[[Any], None]) -> None:
        """Ask the service; what it cannot say is left out."""
        service = self._service
        if service is not None:
            call(self, lambda: work(service), then, failed=lambda _: None)

    def _take_estimate(self, estimate: Estimate | None) -> None:
        self._estimate = estimate
        self._show()

    def _ask_size(self, build: Build) -> None:
        if build.outcome == "succeeded":
            self._ask(lambda service: service.environment_size(build), self._take_size)

    def _take_size(self, size: int | None) -> None:
        self._environment_size = size
        self._show()

    def _time_at(self, offset: int) -> str:
        """When a line was written, from the build's start: the last event before it."""
        events = self._events
        nth = bisect_right(events, offset, key=lambda event: event.offset)
        return span(events[nth - 1].time - events[0].time) if nth else ""

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
            self.steward.say(str(problem), problem=True)

    def _follow(self, stream: Stream[Event]) -> Iterator[Event]:
        """Yield what happens in the build, from its start; in a thread."""
        for event in builds.follow(self._record, log=False, idle=stream.check):
            if not isinstance(event, builds.LogLines):
                yield event

    def _take(self, events: list[Event]) -> None:
        self._events += events
        for event in events:
            self._timeline.add(event)
        self.log_panel.set_phases(phases_of(self._events))
        if any(isinstance(event, builds.Finished) for event in events):
            self._is_complete = True
            # Also for a build that was over: an interrupted one is closed by now.
            call(self, self._record.build, self._ended)
        self._show()

    def _ended(self, build: Build) -> None:
        was_running = self._build is not None and self._build.is_running
        self._build = build
        if was_running:
            self._stop(self._clock)
            panel = self.log_panel
            panel.finished()
            panel.mark(_evidence(build), jump=build.outcome == "failed" and panel.view.following)
        self._ask_size(build)
        self._show()

    # What is shown

    def _show(self) -> None:
        if self._build is None or not self.is_mounted:
            return
        display = app_of(self).terminal_display
        lines = [Paragraph(self._headline(self._build)), Paragraph(self._strip())]
        if self._replay is None:
            cause = next(
                (f for f in findings_of(self._build.all_findings) if f.role != "consequence"), None
            )
            if cause is not None:
                lines += finding_paragraphs(cause, display)
        self.query_one("#head", Paragraphs).show(lines, keep_place=True)
        timeline = self._shown_timeline
        rows = cockpit.package_rows(
            timeline.packages(), display, is_over=self._is_complete and self._replay is None
        )
        packages = self.query_one("#packages", Table)
        packages.set_class(bool(rows), "known")
        packages.show(rows)
        if not packages.has_focus:
            packages.action_move(-len(rows))  # the cursor would go down with the row it was on
        self.actions_changed()

    @property
    def _shown_timeline(self) -> Timeline:
        return self._timeline if self._replay is None else self._replay.timeline()

    def _strip(self) -> Content:
        now = time.time() if self._replay is None else self._replay.time
        room = self.size.width - 2
        return cockpit.strip_of(self._shown_timeline, now, app_of(self).terminal_display, room)

    def _headline(self, build: Build) -> Content:
        display = app_of(self).terminal_display
        if self._replay is not None:
            now = doing(self._replay.timeline().progress, display)
            speed = f"{self._replay.speed:g}x"
            return Content.assemble(("replay ", "bold"), speed, "  ", (now, "$text-primary"))
        head = head_of(build, display, time.time()).content
        if build.is_running:
            expected = cockpit.estimate_text(
                self._estimate,
                self._timeline,
                seconds_between(build.started, None, time.time()),
            )
            now = doing(self._timeline.progress, display)
            return Content.assemble(
                head, (f" {expected}" if expected else "", "$muted"), "  ", (now, "$text-primary")
            )
        reused = "reused a complete environment"
        ending = (
            reused
            if build.reused
            else cockpit.ending_of(
                self._timeline, len(build.packages), self._environment_size, display
            )
        )
        return Content.assemble(head, (f"  {ending}" if ending else "", "$muted"))

    def go_back(self) -> bool:
        return self.log_panel.go_back()

    # What is possible

    def why_no_cancel(self) -> str | None:
        if self._service is None:
            return "this is an imported record"
        running = self._build is not None and self._build.is_running
        return None if running else "this build has ended"

    def why_no_retry(self) -> str | None:
        if self._service is None:
            return "this is an imported record"
        if self._build is not None and self._build.is_run:
            return "a run is started again on the Content tab"
        return self._why_not_over() or self.why_read_only()

    def why_no_export(self) -> str | None:
        return "this is an imported record" if self._service is None else self._why_not_over()

    def why_no_diagnosis(self) -> str | None:
        return None if self._build is not None else "the build is being read"

    def why_no_replay(self) -> str | None:
        return self._why_not_over() or (None if self._is_complete else "the build is being read")

    def why_no_speed(self) -> str | None:
        return self.why_no_replay() or (
            None if self._replay else "no replay is running; t starts one"
        )

    def _why_not_over(self) -> str | None:
        over = self._build is not None and not self._build.is_running
        return None if over else "this build is running"

    # What is done

    def do_cancel(self) -> None:
        if self._service is not None and self._build is not None:
            BuildOperations(self, self._service).cancel(self._build.id, self._build.content)

    def do_retry(self) -> None:
        service, build = self._service, self._build
        if service is not None and build is not None:
            BuildOperations(self, service).retry(build.id, build.content, self._continue_with)

    def _continue_with(self, build: Build) -> None:
        self.app.switch_screen(BuildScreen(builds.Record(build.directory), self._service))

    def do_export(self) -> None:
        if self._service is not None:
            BuildOperations(self, self._service).export(self._record.id)

    def do_diagnose(self) -> None:
        from .....core.services import DiagnosisInput

        build = self._record.id
        name = build if self._build is None else f"{self._build.content}, build {build}"
        given = (
            DiagnosisInput(build=build, name=name)
            if self._service is not None
            else DiagnosisInput(path=self._record.directory, name=name)
        )
        app_of(self).open_tab("diagnosis", given)

    # The replay

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
    """Return where each phase starts in the log; a phase with another detail is the same one."""
    phases: list[LogPhase] = []
    for event in events:
        if isinstance(event, builds.Phase) and not (phases and phases[-1].name == event.name):
            phases.append(LogPhase(event.name, event.offset))
    return phases


def _evidence(build: Build) -> list[int]:
    """Return the lines of the log that prove the findings, those of the root cause first."""
    return [
        line.line
        for finding in findings_of(build.all_findings)
        for line in finding.evidence
        if line.source == "log"
    ]
