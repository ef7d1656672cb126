"""Upgrades in words, for the command line and for the screens."""

from __future__ import annotations

from typing import Final

from .plan import PlanStep, StepState, UpgradePlan
from .preflight import Prediction
from .simulation import Effect, UpgradeSimulation

WORST_FIRST: Final = (
    Effect.FAILS,
    Effect.MOVES,
    Effect.GAINS,
    Effect.UNMATCHED,
    Effect.KEEPS,
)
_STATES: Final = (
    StepState.FAILED,
    StepState.UNMATCHED,
    StepState.BUILDING,
    StepState.WAITING,
    StepState.DONE,
)


def counts_line(simulation: UpgradeSimulation) -> str:
    """Return how many content items meet which effect, in one line."""
    counts = simulation.counts
    parts = [f"{counts[effect]:,} {effect.value}" for effect in WORST_FIRST if counts[effect]]
    return ", ".join(parts) if parts else "Nothing needs a Python here."


def why_of(prediction: Prediction) -> str:
    """Return the reason of a prediction, in one sentence."""
    answer = prediction.answer
    if answer.findings:
        return answer.findings[0].cause
    parts: list[str] = []
    if answer.source_only:
        parts.append(f"no wheel for {prediction.python}: {', '.join(answer.source_only)}")
    if answer.not_judged:
        parts.append(f"only a build can tell about {', '.join(answer.not_judged)}")
    if answer.outcome == "unknown":
        parts.append("the package index did not answer")
    count = len(answer.packages)
    return "; ".join(parts) or f"{count} package{'' if count == 1 else 's'}"


def outcome_word(outcome: str) -> str:
    """Return the outcome of a preflight, short enough for a column."""
    return {"needs-source-build": "needs build"}.get(outcome, outcome)


def plan_line(plan: UpgradePlan, *, is_driven: bool) -> str:
    """Return the progress of a plan, in one line."""
    counts = plan.counts
    parts = [f"{counts[state]:,} {state.value}" for state in _STATES if counts[state]]
    how = "finished" if plan.is_over else "running" if is_driven else "stopped"
    return f"{how}: {', '.join(parts) or 'no content is affected'}"


def built_word(step: PlanStep) -> str:
    """Return whether the new environment of a step has installed: yes, no, or a dash."""
    if step.state is StepState.DONE or step.starts is not None:
        return "yes"
    return "no" if step.state is StepState.FAILED else "-"


def installs_word(step: PlanStep) -> str:
    """Return whether the new environment installs: as it was built, else as it was predicted."""
    built = built_word(step)
    if built != "-" or step.predicted is None:
        return built
    word = {"installs": "yes", "fails": "no"}.get(step.predicted, outcome_word(step.predicted))
    return f"{word} (predicted)"


def step_line(step: PlanStep) -> str:
    """Return the state of one step, in one line."""
    moved = f"{step.start or '-'} -> {step.end or '-'}"
    problem = f": {step.problem}" if step.problem else ""
    return f"{step.content} ({moved}): {step.state.value}{problem}"
