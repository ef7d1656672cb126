"""Make a plan: what a change has touched, the most urgent first; and has it driven."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..builds import Content, list_content, show
from ..content import RebuildReason, Urgency, rebuild_reason
from ..errors import BuildError, StateError, StewardError
from ..installations import Installation, candidates
from ..json_values import as_json
from ..matching import NO_PYTHON, Matcher, Policy, parse_request
from ..server import Server
from ..state import make_directory, open_file
from ..times import now
from ..users import user_name
from .comparison import directory_of
from .plan import (
    DIRECTORY,
    PlanFile,
    PlanStep,
    StepState,
    UpgradePlan,
    create,
    new_id,
    newest,
)
from .preflight import list_predictions

if TYPE_CHECKING:
    from ..cluster import ClusterPlaces

# Predicted successes first, predicted failures last, so that a failure delays nothing.
_PREDICTED = ("installs", None, "unknown", "needs-source-build", "fails")

ORDER = (
    "what cannot run now comes first, then what has another Python than it was built for, then "
    "what runs on a Python that was retired, then what never matched; among these, what the "
    "preflight predicts to install comes first, what it predicts to fail last"
)
"""The order of a plan's steps, in words."""


def affected_content(server: Server, places: ClusterPlaces | None = None) -> tuple[PlanStep, ...]:
    """Return what is to be built again under the settings and the installations as they are now.

    places: the cluster whose Pythons it gets; None: those of this machine.

    Content that failed for reasons of its own, and still has its Python, is not touched.
    Raises StateError.
    """
    predicted = _predicted(server.state_dir)
    there = server.analysis().installations if places is None else places.installations()
    installations = server.analysis().installations
    matcher = Matcher(candidates(there), Policy.parse(server.settings.version_matching))
    steps: list[tuple[tuple[int, int, str], PlanStep]] = []
    for content in list_content(server.state_dir):
        need = rebuild_reason(content, installations)
        if need is None or _failed_for_itself(content, need, installations):
            continue
        step = _step(content, need, matcher, predicted)
        if need.urgency is Urgency.NEW and step.state is StepState.UNMATCHED:
            continue  # nothing matched before, and nothing does now
        steps.append(((need.urgency, _PREDICTED.index(step.predicted), content.name), step))
    return tuple(step for _, step in sorted(steps, key=lambda pair: pair[0]))


def all_content(server: Server) -> tuple[PlanStep, ...]:
    """Return all content that a build has ever begun for and that needs Python, as steps.

    Raises StateError.
    """
    return tuple(
        PlanStep(
            each.name, "asked", "everything is built again", each.python and each.python.version
        )
        for each in list_content(server.state_dir)
        if each.request != NO_PYTHON
    )


def _failed_for_itself(
    content: Content, need: RebuildReason, installations: Sequence[Installation]
) -> bool:
    if need.urgency is not Urgency.NEW or content.python is None:
        return False
    return any(
        (each.executable or each.path) == content.python.executable and each.usable
        for each in installations
    )


def _predicted(state_dir: Path) -> dict[tuple[str, str], str]:
    """Return what the preflight said, by content and version; of two the newer."""
    return {
        (name, str(made.python)): made.answer.outcome
        for made in reversed(list_predictions(directory_of(state_dir)))
        for name in made.content
    }


def _step(
    content: Content,
    need: RebuildReason,
    matcher: Matcher,
    predicted: Mapping[tuple[str, str], str],
) -> PlanStep:
    start = content.python.version if content.python else None
    decision = matcher.decide(parse_request(content.request))
    if decision.selected is None:
        why = f"{need.why}; {decision.reason}"
        return PlanStep(content.name, need.urgency.word, why, start, state=StepState.UNMATCHED)
    end = str(decision.selected.version)
    said = predicted.get((content.name, end))
    return PlanStep(content.name, need.urgency.word, need.why, start, end, said)


def start(
    server: Server,
    steps: Sequence[PlanStep],
    *,
    change: str = "",
    backups: Sequence[str] = (),
    at_once: int = 2,
    check: bool = False,
    force: bool = False,
    places: ClusterPlaces | None = None,
) -> PlanFile:
    """Make a plan of these steps, and have a process of its own work on it.

    at_once: how many builds. check: whether each checks that its content starts. force: as in
    `rebuild`. places: the cluster that builds; None: this machine.
    Raises StateError (``upgrade-unfinished``) while an earlier plan has
    steps left, BuildError (``python-disabled``), and StateError where it cannot be written.
    """
    check_can_start(server)
    plan = UpgradePlan(
        id=new_id(),
        by=user_name(),
        created=now(),
        change=change,
        settings=str(server.settings.file) if server.settings.file else None,
        run_as=server.run_as,
        at_once=max(1, at_once),
        backups=tuple(backups),
        steps=tuple(steps),
        check=check,
        cluster=None if places is None else as_json(places.target),
        force=force,
        finished=now() if all(step.state.is_over for step in steps) else None,
    )
    with _alone_in(server.state_dir):
        _insist_that_none_is_left(server.state_dir)
        try:
            file = create(server.state_dir, plan)
        except OSError as error:
            raise _unwritable(error) from None
    if plan.finished is None:
        _drive(file)
    return file


def check_can_start(server: Server) -> None:
    """Raise what `begin` would raise, before the settings are changed for it."""
    if not server.settings.enabled:
        raise BuildError(
            "Python content is disabled: set Enabled = true in section [Python]",
            code="python-disabled",
            file=server.settings.file,
        )
    server.prepare_state()
    with _alone_in(server.state_dir):
        _insist_that_none_is_left(server.state_dir)


@contextmanager
def _alone_in(state_dir: Path) -> Generator[None]:
    """Keep others from making a plan at the same time. Raises StateError."""
    import fcntl

    try:
        directory = make_directory(state_dir / DIRECTORY)
        descriptor = open_file(directory / "lock", os.O_RDWR | os.O_CREAT)
    except OSError as error:
        raise _unwritable(error) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _insist_that_none_is_left(state_dir: Path) -> None:
    """Raise StateError while the last plan has steps left."""
    last = newest(state_dir)
    if last is not None and not last.read().is_over:
        raise StateError(
            "the last upgrade is not finished (pysteward upgrade status shows it); "
            "upgrade resume continues it, upgrade abandon drops its remaining steps",
            code="upgrade-unfinished",
            file=last.path,
        )


def resume(state_dir: Path, *, retry: bool = False, at_once: int | None = None) -> PlanFile:
    """Go on with the last plan; what was interrupted is built again.

    retry: also what has failed, or what nothing matched. at_once: another number of builds.
    Where a driver works on it already, nothing is done. Raises StateError.
    """
    file = last_plan(state_dir)
    lock = file.acquire()
    if lock is None:
        if retry:
            raise StateError(
                "the upgrade still runs: retry what has failed when it is over, or stop it first",
                code="upgrade-running",
            )
        file.forget_stop()
        return file
    try:
        plan = _interrupted_again(state_dir, file.read())
        if retry:
            plan = plan.again((StepState.FAILED, StepState.UNMATCHED))
        plan = replace(plan, at_once=at_once or plan.at_once)
        file.forget_stop()
        file.write(plan)
    except OSError as error:
        raise _unwritable(error) from None
    finally:
        os.close(lock)
    if not plan.is_over:
        _drive(file)
    return file


def abandon(state_dir: Path) -> PlanFile:
    """Give up what is left of the last plan; what is being built goes on.

    Raises StateError.
    """
    file = last_plan(state_dir)
    lock = file.acquire()
    if lock is None:
        raise StateError(
            "the upgrade still runs; stop it first with pysteward upgrade stop",
            code="upgrade-running",
        )
    try:
        plan = file.read()
        left = [
            replace(step, state=StepState.FAILED, problem="abandoned")
            for step in plan.steps
            if not step.state.is_over
        ]
        for step in left:
            plan = plan.with_step(step)
        file.write(replace(plan, finished=plan.finished or now()))
    except OSError as error:
        raise _unwritable(error) from None
    finally:
        os.close(lock)
    return file


def last_plan(state_dir: Path) -> PlanFile:
    """Return the plan made last. Raises StateError (``no-upgrade``)."""
    file = newest(state_dir)
    if file is None:
        raise StateError(
            "there is no plan of an upgrade: `pysteward upgrade … --apply` makes one",
            code="no-upgrade",
        )
    return file


def _interrupted_again(state_dir: Path, plan: UpgradePlan) -> UpgradePlan:
    """Steps whose build was interrupted or cancelled, without a driver to see it, wait again."""
    for step in plan.steps:
        if step.state is StepState.BUILDING and _is_lost(state_dir, step):
            plan = plan.with_step(replace(step, state=StepState.WAITING, build=None))
    return plan


def _is_lost(state_dir: Path, step: PlanStep) -> bool:
    if step.build is None:
        return True
    try:
        return show(state_dir, step.build).outcome in ("interrupted", "cancelled")
    except StewardError:
        return True


def _drive(file: PlanFile) -> None:
    """Start the driver, which outlives its parent and inherits the plan's lock."""
    from threading import Thread

    lock = file.acquire()
    if lock is None:
        return  # another was quicker
    try:
        with open(open_file(file.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), "ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"{__package__}.driver", str(file.path), str(lock)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd="/",
                start_new_session=True,
                pass_fds=(lock,),
            )
    except OSError as error:
        raise _unwritable(error) from None
    finally:
        os.close(lock)
    Thread(target=process.wait, daemon=True).start()


def _unwritable(error: OSError) -> StateError:
    return StateError(
        f"the plan cannot be worked on: {error.strerror}",
        code="state-unwritable",
        file=error.filename,
    )
