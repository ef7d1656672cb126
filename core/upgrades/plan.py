"""The plan of an upgrade: which content is to be built again, in which order, and how far it is.

It is a file of the state directory, whole at any moment, that any number of readers may look at.
While a driver works on it, that holds its lock; a plan without a driver can be resumed.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, replace
from enum import Enum
from pathlib import Path
from typing import Any

from ..errors import StateError
from ..frozen import frozen
from ..state import is_locked, lock_now, make_directory, write_whole
from ..times import now

_SCHEMA = 1
DIRECTORY = "upgrades"


class StepState(str, Enum):
    """How far one step is."""

    WAITING = "waiting"
    BUILDING = "building"
    DONE = "done"
    FAILED = "failed"
    UNMATCHED = "unmatched"
    """Nothing matches its request any more: there is nothing to build."""

    @property
    def is_over(self) -> bool:
        return self not in (StepState.WAITING, StepState.BUILDING)


@frozen
class PlanStep:
    """One piece of content on its way.

    urgency: the word of `needs.Urgency`. why: it is built again, or nothing matches.
    start, end: the versions that it moves from and to, as far as there are any.
    predicted: what the preflight said, where there was one.
    build: its id. problem: why it failed, in one sentence; the build's findings say more.
    starts: what its start check found out; None without one.
    """

    content: str
    urgency: str
    why: str
    start: str | None = None
    end: str | None = None
    predicted: str | None = None
    state: StepState = StepState.WAITING
    build: str | None = None
    problem: str | None = None
    starts: str | None = None


@frozen
class UpgradePlan:
    """All of it.

    id: a time, UTC. by: who made it. change: of the settings, in words.
    settings: the file, read again by the driver; None for the embedded default.
    run_as: who runs the builds. at_once: how many.
    backups: of the settings as they were. steps: in the order in which they are built.
    finished: RFC 3339; None while a step is left.
    check: whether each build checks that its content starts.
    cluster: where it builds, as JSON of a `ClusterTarget`; None: on this machine.
    force: whether environments are made again although they are complete.
    """

    id: str
    by: str
    created: str
    change: str
    settings: str | None
    run_as: str | None
    at_once: int
    backups: tuple[str, ...]
    steps: tuple[PlanStep, ...]
    finished: str | None = None
    check: bool = False
    cluster: dict[str, Any] | None = None
    force: bool = False

    @property
    def counts(self) -> dict[StepState, int]:
        """How many steps are in each state; every state is there."""
        counted = Counter(step.state for step in self.steps)
        return {state: counted[state] for state in StepState}

    @property
    def is_over(self) -> bool:
        return all(step.state.is_over for step in self.steps)

    @property
    def has_succeeded(self) -> bool:
        return all(step.state is StepState.DONE for step in self.steps)

    def with_step(self, step: PlanStep) -> UpgradePlan:
        """Return the plan with another step for that content."""
        steps = tuple(step if each.content == step.content else each for each in self.steps)
        return replace(self, steps=steps)

    def again(self, states: Iterable[StepState]) -> UpgradePlan:
        """Return the plan with the steps in these states waiting once more."""
        chosen = frozenset(states)
        steps = tuple(
            replace(step, state=StepState.WAITING, build=None, problem=None, starts=None)
            if step.state in chosen
            else step
            for step in self.steps
        )
        over = all(step.state.is_over for step in steps)
        return replace(self, steps=steps, finished=self.finished if over else None)


@frozen
class PlanFile:
    """Where a plan lies: the file, its lock, and the wish to stop."""

    path: Path

    @property
    def lock(self) -> Path:
        return self.path.with_suffix(".lock")

    @property
    def log(self) -> Path:
        """What its driver says about an unexpected failure."""
        return self.path.with_suffix(".log")

    @property
    def stop(self) -> Path:
        """Exists once a user wants no more builds to be started."""
        return self.path.with_suffix(".stop")

    def read(self) -> UpgradePlan:
        """Raises StateError where it is none."""
        try:
            return _plan(json.loads(self.path.read_bytes()))
        except OSError as error:
            raise StateError(
                f"the plan cannot be read: {error.strerror}", code="plan-unreadable", file=self.path
            ) from None
        except (ValueError, KeyError, TypeError, RecursionError):
            raise StateError(
                "this is no plan of an upgrade", code="plan-invalid", file=self.path
            ) from None

    def write(self, plan: UpgradePlan) -> None:
        """Replace it, whole and synced. Raises OSError."""
        document = {"schema": _SCHEMA, **asdict(plan)}
        write_whole(self.path, json.dumps(document, indent=1).encode())

    def is_driven(self) -> bool:
        """Return whether a driver works on it."""
        return is_locked(self.lock)

    def acquire(self) -> int | None:
        """Return the descriptor that holds the lock; None where another holds it. Raises
        StateError."""
        try:
            return lock_now(self.lock)
        except OSError as error:
            raise StateError(
                f"the plan cannot be worked on: {error.strerror}",
                code="state-read-only",
                file=self.lock,
            ) from None

    def ask_to_stop(self) -> None:
        """Have the driver begin no more builds. Raises StateError."""
        try:
            write_whole(self.stop, b"")
        except OSError as error:
            raise StateError(
                f"the plan cannot be stopped: {error.strerror}",
                code="state-read-only",
                file=self.stop,
            ) from None

    def forget_stop(self) -> None:
        with contextlib.suppress(OSError):
            self.stop.unlink()


def create(state_dir: Path, plan: UpgradePlan) -> PlanFile:
    """Put a new plan beside the others. Raises OSError."""
    file = PlanFile(make_directory(state_dir / DIRECTORY) / f"{plan.id}.json")
    file.write(plan)
    return file


def new_id() -> str:
    """Return a name for a plan that sorts by time."""
    moment = time.time()
    text = time.strftime("%Y%m%d-%H%M%S", time.gmtime(moment))
    return f"{text}{int(moment * 1000) % 1000:03d}"


def newest(state_dir: Path) -> PlanFile | None:
    """Return the plan that was made last."""
    paths = sorted((state_dir / DIRECTORY).glob("[0-9]*.json"))
    return PlanFile(paths[-1]) if paths else None


def plan_as_json(plan: UpgradePlan, *, is_driven: bool) -> dict[str, Any]:
    """Return a plan as the command line gives it."""
    return {
        **asdict(plan),
        "running": is_driven,
        "counts": {state.value: count for state, count in plan.counts.items()},
    }


def finished(plan: UpgradePlan) -> UpgradePlan:
    """Return the plan with the time of its end, if nothing is left of it."""
    return replace(plan, finished=now()) if plan.is_over and plan.finished is None else plan


def _plan(told: Mapping[str, Any]) -> UpgradePlan:
    if told["schema"] != _SCHEMA:
        raise ValueError(told["schema"])
    values: dict[str, Any] = {
        field.name: told[field.name] for field in fields(UpgradePlan) if field.name in told
    }
    values["backups"] = tuple(told["backups"])
    values["steps"] = tuple(map(_told_step, told["steps"]))
    return UpgradePlan(**values)


def _told_step(told: Mapping[str, Any]) -> PlanStep:
    values: dict[str, Any] = {**told, "state": StepState(told["state"])}
    return PlanStep(**values)
