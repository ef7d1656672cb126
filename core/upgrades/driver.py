"""The process that works on a plan: ``python -m pysteward.core.upgrades.driver PLAN LOCK``.

It has a session of its own and nothing of a terminal. It begins builds, so many at once, and
writes down how each ended; if it is killed, the builds go on and the plan can be resumed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from .. import settings as settings_of
from ..builds import Build, show
from ..content import rebuild
from ..errors import StewardError
from ..installations import (
    Analysis,
    analyze,
    cache_file,
    discover,
)
from ..server import Server
from ..settings import Settings
from .comparison import compared_predictions
from .plan import (
    PlanFile,
    PlanStep,
    StepState,
    UpgradePlan,
    finished,
)

_PAUSE = 0.1  # seconds between two looks at the builds


def main(arguments: list[str]) -> int:
    path, lock = Path(arguments[0]), int(arguments[1])
    # It is held as long as this process lives; a build that held it would make it seem to live.
    os.set_inheritable(lock, False)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    file = PlanFile(path)
    plan = file.read()
    state_dir = path.parents[1]
    try:
        site = site_of(plan, state_dir)
    except StewardError as problem:
        file.write(_all_failed(plan, str(problem)))
        return 1
    Driver(site, file).work()
    os.close(lock)
    return 0


def site_of(plan: UpgradePlan, state_dir: Path) -> Server:
    """What builds are made from, under the settings as they are now. Raises SettingsError."""
    read = (
        settings_of.load(plan.settings)
        if plan.settings is not None
        else settings_of.default(tuple(found.path for found in discover(os.environ)))
    )
    return Server(state_dir, read, plan.run_as, _analysis(read, plan.run_as, state_dir))


def _analysis(read: Settings, run_as: str | None, state_dir: Path) -> Callable[[], Analysis]:
    return lambda: analyze(
        read.executables,
        creator=read.environment_creator,
        run_as=run_as,
        build_environment=read.build_environment,
        cache=cache_file(state_dir),
    )


class Driver:
    """Takes the steps of one plan, in their order."""

    def __init__(self, site: Server, file: PlanFile) -> None:
        self._site = site
        self._file = file
        self._plan = file.read()

    def work(self) -> None:
        """Go on until nothing is left, or until no more is to be begun and all has ended."""
        while True:
            for step in self._in(StepState.BUILDING):
                self._look_at(step)
            if not self._file.stop.exists():
                self._begin()
            if not self._in(StepState.BUILDING) and (
                not self._in(StepState.WAITING) or self._file.stop.exists()
            ):
                break
            time.sleep(_PAUSE)
        self._write(finished(self._plan))
        # What cannot be compared now is compared when somebody asks for the predictions.
        with contextlib.suppress(StewardError):
            compared_predictions(self._site.state_dir)

    def _begin(self) -> None:
        """Begin as many builds as there are places."""
        while len(self._in(StepState.BUILDING)) < self._plan.at_once and self._in(
            StepState.WAITING
        ):
            step = self._in(StepState.WAITING)[0]
            try:
                build = rebuild(self._site, step.content)
            except StewardError as problem:
                self._put(replace(step, state=StepState.FAILED, problem=str(problem)))
                continue
            python = build.python.version if build.python else None
            begun = replace(step, state=StepState.BUILDING, build=build.id, end=python or step.end)
            self._put(begun if build.is_running else _ended(begun, build))

    def _look_at(self, step: PlanStep) -> None:
        assert step.build is not None
        try:
            build = show(self._site.state_dir, step.build)
        except StewardError as problem:  # its record was removed
            self._put(replace(step, state=StepState.FAILED, problem=str(problem)))
            return
        if not build.is_running:
            self._put(_ended(step, build))

    def _in(self, state: StepState) -> list[PlanStep]:
        return [step for step in self._plan.steps if step.state is state]

    def _put(self, step: PlanStep) -> None:
        self._write(self._plan.with_step(step))

    def _write(self, plan: UpgradePlan) -> None:
        """On a full disk the plan stays as it was written last; the builds tell the rest."""
        self._plan = plan
        with contextlib.suppress(OSError):
            self._file.write(plan)


def _ended(step: PlanStep, build: Build) -> PlanStep:
    """The step after its build has ended."""
    if build.outcome == "succeeded":
        return replace(step, state=StepState.DONE, problem=None)
    causes = [finding["cause"] for finding in build.findings if finding["role"] == "cause"]
    problem = str(causes[0]) if causes else f"the build was {build.outcome}; its log says why"
    if build.outcome == "failed" and not causes:
        problem = "the build failed; its log says why"
    return replace(step, state=StepState.FAILED, problem=problem)


def _all_failed(plan: UpgradePlan, problem: str) -> UpgradePlan:
    for step in plan.steps:
        if not step.state.is_over:
            plan = plan.with_step(replace(step, state=StepState.FAILED, problem=problem))
    return finished(plan)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
