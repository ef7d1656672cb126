"""Start an upgrade from the command line, and watch one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...core.errors import UsageError
from ...core.secrets import mask_secrets
from ...core.server import Server
from ...core.services import UpgradeService
from ...core.upgrades import (
    PlanFile,
    PlanStep,
    Proposal,
    UpgradePlan,
    plan_as_json,
    plan_line,
    step_line,
)
from .. import messages
from ..messages import ExitCode
from ..output import Output
from .build_watch import ignore_hangup
from .upgrade_tables import show_plan

if TYPE_CHECKING:
    from ...core.cluster import ClusterPlaces
    from ...core.settings import Edit

_PAUSE = 0.2  # seconds between two checks of a plan


def carry_out(
    what_if: Proposal,
    server: Server,
    out: Output,
    *,
    yes: bool,
    at_once: int,
    detach: bool,
    check: bool = False,
    places: ClusterPlaces | None = None,
) -> ExitCode:
    """Show the diff, ask, write it, and rebuild affected content."""
    if what_if.why_not_applicable is not None:
        raise UsageError(what_if.why_not_applicable)
    service = UpgradeService(server)
    to_write = service.edits(what_if.changes)
    if not _agreed(to_write, yes=yes):
        messages.note("nothing was changed")
        return ExitCode.NO
    with ignore_hangup():
        file = service.apply(what_if.changes, to_write, at_once, check=check, places=places)
    for backup in file.read().backups:
        messages.note(f"written; the previous settings: {backup}")
    return attend(file, out, detach=detach)


def _agreed(to_write: Sequence[Edit], *, yes: bool) -> bool:
    for edit in to_write:
        messages.note(mask_secrets(edit.diff()).rstrip("\n"))
    if yes:
        return True
    if not messages.can_ask():
        raise UsageError(
            "upgrade apply asks before it changes anything; without a terminal, give --yes"
        )
    what = "Write this and rebuild" if to_write else "Rebuild"
    return messages.ask(f"{what} affected content?")


def attend(file: PlanFile, out: Output, *, detach: bool) -> ExitCode:
    """Show the progress of a plan until its end; Ctrl-C leaves it running.

    detach: show its state and return.
    """
    was_left = False
    if not detach:
        try:
            _watch(file)
        except KeyboardInterrupt:
            was_left = True
            messages.note(
                "the upgrade continues in the background; see pysteward upgrade status; "
                "upgrade resume watches it again, upgrade stop starts no more builds"
            )
    status = show_state(file, out)
    return ExitCode.INTERRUPTED if was_left else status


def show_state(file: PlanFile, out: Output) -> ExitCode:
    """Write a plan as the result of a command; NO when a step failed."""
    plan, is_driven = file.read(), file.is_driven()
    if out.as_json:
        out.document(plan_as_json(plan, is_driven=is_driven))
    else:
        show_plan(plan, out, is_driven=is_driven)
    failed = plan.is_over and not plan.has_succeeded
    return ExitCode.NO if failed or not (plan.is_over or is_driven) else ExitCode.YES


def _watch(file: PlanFile) -> None:
    """Report every change of a step until the plan is over or its driver is gone."""
    told: dict[str, PlanStep] = {}
    while True:
        is_driven = file.is_driven()  # before the plan is read, so that its last changes are seen
        plan = file.read()
        _tell(plan, told)
        if plan.is_over or not is_driven:
            messages.note(f"upgrade {plan.id} {plan_line(plan, is_driven=is_driven)}")
            return
        time.sleep(_PAUSE)


def _tell(plan: UpgradePlan, told: dict[str, PlanStep]) -> None:
    over = sum(step.state.is_over for step in plan.steps)
    for step in plan.steps:
        if step.state.value != "waiting" and told.get(step.content) != step:
            messages.note(f"[{over}/{len(plan.steps)}] {step_line(step)}")
            told[step.content] = step
