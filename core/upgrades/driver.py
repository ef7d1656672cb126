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
from dataclasses import replace
from pathlib import Path

from ..builds import Build, run_on_finish, show
from ..cluster import ClusterPlaces, ClusterTarget
from ..content import BuildCheck, rebuild
from ..errors import StewardError
from ..json_values import from_json
from ..server import Server
from .comparison import compared_predictions
from .plan import (
    PlanFile,
    PlanStep,
    StepState,
    UpgradePlan,
    finished,
)

_PAUSE = 0.1  # seconds between two looks at the builds
_ASK_AGAIN = 10.0  # seconds after which a cluster is asked again which Pythons it has


def main(arguments: list[str]) -> int:
    path, lock = Path(arguments[0]), int(arguments[1])
    # It is held as long as this process lives; a build that held it would make it seem to live.
    os.set_inheritable(lock, False)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    file = PlanFile(path)
    Driver(Server(file.read().settings, str(path.parents[1])), file).work()
    os.close(lock)
    return 0


class Driver:
    """Takes the steps of one plan, in their order."""

    def __init__(self, server: Server, file: PlanFile) -> None:
        self._server = server
        self._file = file
        self._plan = file.read()
        self._places: ClusterPlaces | None = None
        self._asked = 0.0

    def work(self) -> None:
        """Go on until nothing is left, or until no more is to be started and all has ended."""
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
        self._run_on_finish()
        # What cannot be compared now is compared when the predictions are listed.
        with contextlib.suppress(StewardError):
            compared_predictions(self._server.state_dir)

    def _run_on_finish(self) -> None:
        """Tell the outcome: ``succeeded``, ``failed`` where some content has no build, ``stopped``
        where some is left."""
        plan = self._plan
        has_failed = bool(self._in(StepState.FAILED) or self._in(StepState.UNMATCHED))
        outcome = "stopped" if not plan.is_over else "failed" if has_failed else "succeeded"
        with contextlib.suppress(StewardError):
            run_on_finish(
                self._server.settings.on_finish,
                *("plan", plan.id, outcome),
                output=self._file.path.parent,
            )

    def _begin(self) -> None:
        """Begin as many builds as there are places."""
        while len(self._in(StepState.BUILDING)) < self._plan.at_once and self._in(
            StepState.WAITING
        ):
            step = self._in(StepState.WAITING)[0]
            try:
                build = rebuild(
                    self._server,
                    step.content,
                    afresh=self._plan.force,
                    check=BuildCheck() if self._plan.check else None,
                    on=self._cluster(),
                )
            except StewardError as problem:
                self._put(replace(step, state=StepState.FAILED, problem=str(problem)))
                continue
            python = build.python.version if build.python else None
            begun = replace(step, state=StepState.BUILDING, build=build.id, end=python or step.end)
            self._put(begun if build.is_running else _ended(begun, build))

    def _cluster(self) -> ClusterPlaces | None:
        """Return where the plan builds; None: on this machine."""
        if self._plan.cluster is None:
            return None
        if self._places is None or time.monotonic() - self._asked > _ASK_AGAIN:
            self._asked = time.monotonic()
            target = from_json(ClusterTarget, self._plan.cluster)
            self._places = ClusterPlaces(self._server, target)
        return self._places

    def _look_at(self, step: PlanStep) -> None:
        assert step.build is not None
        try:
            build = show(self._server.state_dir, step.build)
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
    """Return the step after its build has ended."""
    step = replace(step, starts=build.starts)
    if build.outcome == "succeeded":
        if build.check is not None and build.check.is_failure:
            why = f"succeeded, does not start: {build.check.why}"
            return replace(step, state=StepState.FAILED, problem=why)
        return replace(step, state=StepState.DONE, problem=None)
    causes = [finding.cause for finding in build.findings if finding.role == "cause"]
    problem = causes[0] if causes else f"the build was {build.outcome}; its log says why"
    if build.outcome == "failed" and not causes:
        problem = "the build failed; its log says why"
    return replace(step, state=StepState.FAILED, problem=problem)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
