"""The plan of an upgrade on the command line: asked for, watched, left, resumed, retried."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...core.errors import UsageError
from ...core.secrets import mask_secrets
from ...core.upgrades import (
    PlanFile,
    PlanStep,
    UpgradePlan,
    plan_as_json,
)
from .. import messages
from ..app.context import Context
from ..messages import ExitCode
from ..output import Output
from ..services.proposal import Proposal
from ..services.upgrades import UpgradeService
from .build_watch import ignore_hangup
from .upgrade_tables import plan_line, show_plan, step_line

if TYPE_CHECKING:
    from ...core.settings import Edit

_PAUSE = 0.2  # seconds between two looks at a plan


def carry_out(
    what_if: Proposal, context: Context, out: Output, *, yes: bool, at_once: int, detach: bool
) -> ExitCode:
    """Show the diff, ask, write it, and build again what that touches."""
    if what_if.why_not_applicable is not None:
        raise UsageError(what_if.why_not_applicable)
    desk = UpgradeService(context)
    to_write = desk.edits(what_if.changes)
    if not _agreed(to_write, yes=yes):
        messages.note("nothing was changed")
        return ExitCode.NO
    with ignore_hangup():
        file = desk.apply(what_if.changes, to_write, at_once)
    for backup in file.read().backups:
        messages.note(f"written; the settings as they were: {backup}")
    return attend(file, out, detach=detach)


def _agreed(to_write: Sequence[Edit], *, yes: bool) -> bool:
    for edit in to_write:
        messages.note(mask_secrets(edit.diff()).rstrip("\n"))
    if yes:
        return True
    if not messages.can_ask():
        raise UsageError("--apply asks before it changes anything; without a terminal, give --yes")
    what = "Write this, and build again" if to_write else "Build again"
    return messages.ask(f"{what} what has lost its Python?")


def attend(file: PlanFile, out: Output, *, detach: bool) -> ExitCode:
    """Show how a plan goes until its end; Ctrl-C only leaves it.

    detach: show where it stands, and leave at once.
    """
    was_left = False
    if not detach:
        try:
            _watch(file)
        except KeyboardInterrupt:
            was_left = True
            messages.note(
                "the upgrade goes on without you; see: pysteward upgrade --status; "
                "--resume comes back to it, --stop begins no more builds"
            )
    status = show_state(file, out)
    return ExitCode.INTERRUPTED if was_left else status


def show_state(file: PlanFile, out: Output) -> ExitCode:
    """A plan as the result of a command; NO where something has failed."""
    plan, is_driven = file.read(), file.is_driven()
    if out.as_json:
        out.document(plan_as_json(plan, is_driven=is_driven))
    else:
        show_plan(plan, out, is_driven=is_driven)
    failed = plan.is_over and not plan.has_succeeded
    return ExitCode.NO if failed or not (plan.is_over or is_driven) else ExitCode.YES


def _watch(file: PlanFile) -> None:
    """Tell every step's news until nothing is driven any more."""
    told: dict[str, PlanStep] = {}
    while True:
        is_driven = file.is_driven()  # before the plan is read, so that its last words are seen
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
