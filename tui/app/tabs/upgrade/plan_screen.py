"""The screen of an upgrade plan: the state of each content item; it may be left and reopened."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from .....core.errors import StewardError
from .....core.upgrades import (
    PlanFile,
    PlanStep,
    StepState,
    UpgradePlan,
)
from ...app_api import app_of
from ...background import call
from ...dialogs.confirm import Confirm
from ...dialogs.rollback import ask_to_roll_back
from ...screens.base import StewardScreen
from ...widgets.panel import panel
from ...widgets.paragraphs import Paragraph, Paragraphs
from ...widgets.table import Table
from . import plan_table
from .actions import PLAN_ACTIONS
from .plan_times import Times, columns_of, time_rows, times_of, width_of

if TYPE_CHECKING:
    from .....core.services import UpgradeService

_LOOK = 0.5  # seconds between two looks at the plan
_MOST_ROWS = 2_000


class UpgradePlanScreen(StewardScreen):
    """The newest plan; its builds continue when the screen is left."""

    scope = "upgrade_plan"
    actions = PLAN_ACTIONS
    tab = "upgrade"
    CSS_PATH = "style.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._plan: UpgradePlan | None = None
        self._is_running = False
        self._is_asking = False
        self._shows_times = False
        self._times: Times = {}

    def compose_body(self) -> Iterable[Widget]:
        yield Paragraphs(id="plan")
        with Container(id="steps-panel"):
            yield panel(
                Table(plan_table.COLUMNS, empty="no content is affected", id="steps"), "Content"
            )
        yield panel(Paragraphs(id="change"), "Why")

    def on_mount(self) -> None:
        self.query_one("#plan", Paragraphs).can_focus = False
        self.query_one("#steps").focus()
        self.set_interval(_LOOK, self._look)
        self._look()

    # What is known

    @property
    def _service(self) -> UpgradeService | None:
        return app_of(self).source.upgrades

    @property
    def selected(self) -> PlanStep | None:
        key = self.query_one("#steps", Table).key
        of = self._plan.steps if self._plan is not None else ()
        return next((step for step in of if step.content == key), None)

    def _look(self) -> None:
        service = self._service
        if service is not None and not self._is_asking and self.is_current:
            self._is_asking = True
            call(self, service.last, self._told, self._not_told)
        if self._shows_times and self._is_running:
            self._ask_times()

    def _told(self, last: tuple[PlanFile, UpgradePlan, bool]) -> None:
        self._is_asking = False
        _, plan, is_driven = last
        if (plan, is_driven) != (self._plan, self._is_running):
            self._plan, self._is_running = plan, is_driven
            self._show()

    def _not_told(self, problem: StewardError) -> None:
        self._is_asking = False
        if self._plan is None:
            self.query_one("#plan", Paragraphs).show(
                [Paragraph(Content(app_of(self).terminal_display.line(str(problem))))]
            )

    # What is shown

    def _show(self) -> None:
        plan, display = self._plan, app_of(self).terminal_display
        if plan is None:
            return
        summary = plan_table.summary_of(plan, is_driven=self._is_running, display=display)
        self.query_one("#plan", Paragraphs).show(summary)
        steps = self.query_one("#steps", Table)
        # As high as it needs to be; the rest is for the detail.
        steps.styles.height = len(plan.steps[:_MOST_ROWS]) + 2
        if self._shows_times:
            width, now = width_of(steps.scrollable_content_region.width), time.time()
            steps.change_columns(columns_of(self._times, now, width))
            steps.show(time_rows(plan.steps[:_MOST_ROWS], self._times, now, display, width))
        else:
            steps.show(plan_table.step_rows(plan.steps[:_MOST_ROWS], display))
        self._show_step()

    def _ask_times(self) -> None:
        """Ask when the builds of the plan ran."""
        builds, plan = app_of(self).source.builds, self._plan
        if builds is None or plan is None:
            return

        def told(times: Times) -> None:
            self._times = times
            if self._shows_times:
                self._show()

        call(self, lambda: times_of(builds.list(), plan.steps), told)

    def on_resize(self) -> None:
        """The chart is drawn for a width."""
        if self._shows_times and self.is_composed:
            self.call_after_refresh(self._show)

    @on(Table.Moved)
    def _show_step(self) -> None:
        lines = plan_table.step_detail(self.selected, app_of(self).terminal_display)
        self.query_one("#change", Paragraphs).show(lines)
        self.actions_changed()

    @on(Table.Chosen)
    def _chosen(self) -> None:
        app_of(self).act("upgrade_plan.build")

    # What is possible

    def why_no_build(self) -> str | None:
        if self.selected is None:
            return "no content is selected"
        return None if self.selected.build is not None else "it was not built yet"

    def why_no_times(self) -> str | None:
        if app_of(self).source.builds is None:
            return "there are no builds"
        return None if self._plan is not None else "there is no plan"

    def why_no_resume(self) -> str | None:
        if self._plan is None or self._plan.is_over:
            return "nothing is left to build"
        return "it is running" if self._is_running else None

    def why_no_retry(self) -> str | None:
        if self._plan is None or self._is_running:
            return "it is running" if self._is_running else "there is no plan"
        counts = self._plan.counts
        failed = counts[StepState.FAILED] + counts[StepState.UNMATCHED]
        return None if failed else "nothing has failed"

    def why_no_stop(self) -> str | None:
        return None if self._is_running else "it is not running"

    def why_no_abandon(self) -> str | None:
        if self._is_running:
            return "it is running; c stops it"
        return self.why_no_resume()

    def why_no_rollback(self) -> str | None:
        if self.selected is None:
            return "no content is selected"
        return None if self.selected.state is StepState.DONE else "it has no new environment"

    # What is done

    def do_build(self) -> None:
        if self.selected is not None and self.selected.build is not None:
            app_of(self).open_tab("builds", self.selected.build)

    def do_times(self) -> None:
        steps = self.query_one("#steps", Table)
        key, self._shows_times = steps.key, not self._shows_times
        if not self._shows_times:
            steps.change_columns(plan_table.COLUMNS)
        self._show()
        self._ask_times()
        steps.select(key or "")

    def do_resume(self) -> None:
        self._do(lambda service: service.resume())

    def do_retry(self) -> None:
        self._do(lambda service: service.resume(retry=True))

    def do_stop(self) -> None:
        self._do(lambda service: service.stop())
        app_of(self).say("No more builds are started; running ones finish.")

    def do_abandon(self) -> None:
        def answered(is_yes: bool | None) -> None:
            if is_yes:
                self._do(lambda service: service.abandon())

        body = [Paragraph(Content("Content that was not rebuilt keeps its old environment."))]
        self.app.push_screen(Confirm("Drop the remaining steps?", body), answered)

    def do_roll_back(self) -> None:
        content = app_of(self).source.content
        if content is not None and self.selected is not None:
            ask_to_roll_back(self, content, self.selected.content, self._look)

    def _do(self, work: Callable[[UpgradeService], PlanFile]) -> None:
        service = self._service
        if service is not None:
            call(self, lambda: work(service), lambda _: self._look(), must_finish=True)
