"""The last upgrade plan in lines: what became of each content item, and how it continues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...core.errors import StewardError
from ...core.upgrades import StepState, plan_line
from .page import LinearRow, Page, must_change

if TYPE_CHECKING:
    from ...core.services import UpgradeService
    from ...core.upgrades import PlanStep, UpgradePlan


class PlanPage(Page):
    name = "upgrade_plan"
    title = "Upgrade plan"
    empty = "No content is affected."

    @property
    def _service(self) -> UpgradeService:
        service = self.context.backend.upgrades
        if service is None:
            raise StewardError(self.context.backend.why_read_only or "there is no upgrade")
        return service

    def _last(self) -> tuple[UpgradePlan, bool]:
        _, plan, is_running = self._service.last()
        return plan, is_running

    def show(self) -> None:
        plan, is_running = self._last()
        self.context.say(f"{plan.change}; {plan_line(plan, is_driven=is_running)}.")
        super().show()

    def rows(self) -> Sequence[LinearRow]:
        return [_row(step) for step in self._last()[0].steps]

    def detail(self, key: str) -> Sequence[str]:
        step = self._step(key)
        lines = [f"{_row(step).words}.", step.why]
        return [*lines, f"Build {step.build}."] if step.build is not None else lines

    def _step(self, key: str) -> PlanStep:
        step = next((each for each in self._last()[0].steps if each.content == key), None)
        if step is None:
            raise StewardError(f"there is no content {key!r} in the plan")
        return step

    def do_build(self, _rest: str) -> None:
        step = self._step(self.wanted("content"))
        if step.build is None:
            raise StewardError("it was not built yet")
        self.context.open_page("builds", step.build)

    def do_resume(self, _rest: str) -> None:
        must_change(self.context)
        self._service.resume()
        self.show()

    def do_retry(self, _rest: str) -> None:
        must_change(self.context)
        self._service.resume(retry=True)
        self.show()

    def do_stop(self, _rest: str) -> None:
        must_change(self.context)
        self._service.stop()
        self.context.say("No more builds are started; running ones finish.")

    def do_abandon(self, _rest: str) -> None:
        must_change(self.context)
        if self.context.agrees(
            "Drop the remaining steps? Content that was not rebuilt keeps its old environment."
        ):
            self._service.abandon()
            self.show()

    def do_roll_back(self, _rest: str) -> None:
        must_change(self.context)
        step, content = self._step(self.wanted("content")), self.context.backend.content
        if step.state is not StepState.DONE or content is None:
            raise StewardError("it has no new environment")
        if self.context.agrees(f"Roll {step.content} back to its previous environment?"):
            content.roll_back(step.content)
            self.context.say(f"{step.content} uses its previous environment again.")

    def do_times(self, _rest: str) -> None:
        """Say when each build of the plan ran."""
        builds, steps = self.context.backend.builds, self._last()[0].steps
        known = {entry.row.id: entry.row for entry in builds.list()} if builds is not None else {}
        for step in steps:
            row = known.get(step.build or "")
            when = "not built yet" if row is None else f"from {row.started}"
            end = f" to {row.finished}" if row is not None and row.finished else ""
            self.context.say(f"{step.content}, {when}{end}.")


def _row(step: PlanStep) -> LinearRow:
    problem = f": {step.problem}" if step.problem else ""
    moved = f"from {step.start or 'none'} to {step.end or 'none'}"
    words = f"{step.content}, {moved}, {step.state.value}{problem}"
    return LinearRow(step.content, words)
