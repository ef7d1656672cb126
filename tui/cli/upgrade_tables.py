"""Upgrades on the command line: tables for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.json_values import as_json
from ...core.matching import Candidate
from ...core.upgrades import (
    WORST_FIRST,
    ContentChange,
    Effect,
    Prediction,
    StepState,
    TurnedLink,
    UpgradePlan,
    UpgradeSimulation,
    counts_line,
    installs_word,
    plan_line,
    prediction_as_json,
    why_of,
)
from ..output import Output


def document(
    simulation: UpgradeSimulation,
    predictions: Sequence[Prediction] | None,
    turned: Sequence[TurnedLink] = (),
) -> dict[str, object]:
    """Return the simulation as JSON.

    predictions: those of a preflight, None without one. turned: links of this server's content.
    """
    return {
        "matching": {
            "before": simulation.before.policy.value,
            "after": simulation.after.policy.value,
        },
        "counts": {fate.value: count for fate, count in simulation.counts.items()},
        "moves": [
            {"from": start, "to": end, "count": count}
            for (start, end), count in simulation.moves.items()
        ],
        "changes": [_change(change) for change in simulation.changes],
        "preflight": None if predictions is None else [prediction_as_json(p) for p in predictions],
        "turned_links": [as_json(each) for each in turned],
    }


def show_simulation(simulation: UpgradeSimulation, out: Output) -> None:
    """Write the counts, then each content item that does not keep its Python, worst first."""
    out.line(counts_line(simulation))
    for (start, end), count in simulation.moves.items():
        out.line(f"  {start} -> {end}: {count:,}")
    shown = [change for change in simulation.changes if change.fate is not Effect.KEEPS]
    if not shown:
        return
    out.line()
    shown.sort(key=lambda change: WORST_FIRST.index(change.fate))
    out.table(
        ("NAME", "REQUEST", "FATE", "FROM", "TO", "WHY"),
        [
            (
                change.subject.name,
                change.subject.request.text,
                change.fate.value,
                str(change.before.version) if change.before else "-",
                str(change.after.version) if change.after else "-",
                change.why,
            )
            for change in shown
        ],
    )


def show_turned_links(turned: Sequence[TurnedLink], out: Output) -> None:
    """Write the content that a turned link concerns, whatever the change is."""
    if not turned:
        return
    out.line()
    out.line("Links of installations that lead to another Python now:")
    out.table(
        ("CONTENT", "A REBUILD GETS", "WHY"),
        [(each.content, each.would_get or "no match", each.why) for each in turned],
    )


def show_predictions(predictions: Sequence[Prediction], out: Output) -> None:
    """Write the results of a preflight."""
    if not predictions:
        out.line("Preflight: no content that moves has requirements to check.")
        return
    out.line()
    out.table(
        ("CONTENT", "PYTHON", "PREFLIGHT", "WHY"),
        [
            (", ".join(made.content), str(made.python), made.answer.outcome, why_of(made))
            for made in predictions
        ],
    )


def show_compared(predictions: Sequence[Prediction], out: Output) -> None:
    """Write predictions next to what happened since."""
    if not predictions:
        out.line("There are no predictions; pysteward upgrade plan --preflight makes some.")
        return
    out.table(
        ("CONTENT", "PYTHON", "PREDICTED", "HAPPENED", "CORRECT", "STARTS", "BUILD"),
        [
            (
                ", ".join(made.content),
                str(made.python),
                made.answer.outcome,
                made.happened or "-",
                {True: "yes", False: "no", None: "-"}[made.came_true],
                _starts(made),
                made.build or "-",
            )
            for made in predictions
        ],
    )
    judged = [made for made in predictions if made.came_true is not None]
    if judged:
        right = sum(made.came_true is True for made in judged)
        out.line(f"{right} of {len(judged)} were correct")


def _starts(made: Prediction) -> str:
    """Return what the start checks of its content found out, by content where they differ."""
    answers = dict.fromkeys(answer for _, answer in made.starts)
    if len(answers) < 2:
        return made.all_start or "-"
    return "; ".join(
        f"{answer}: {', '.join(name for name, each in made.starts if each == answer)}"
        for answer in answers
    )


def show_plan(plan: UpgradePlan, out: Output, *, is_driven: bool) -> None:
    """Write a plan with its steps, in the order of the work."""
    out.line(f"upgrade {plan.id} {plan_line(plan, is_driven=is_driven)}")
    out.line(f"  {plan.change}; started {plan.created} by {plan.by}")
    for backup in plan.backups:
        out.line(f"  the previous settings: {backup}")
    if not plan.steps:
        return
    out.line()
    out.table(
        ("CONTENT", "FROM", "TO", "STATE", "INSTALLS", "STARTS", "URGENCY", "BUILD", "WHY"),
        [
            (
                step.content,
                step.start or "-",
                step.end or "-",
                step.state.value,
                installs_word(step),
                step.starts or "-",
                step.urgency,
                step.build or "-",
                step.problem or step.why,
            )
            for step in plan.steps
        ],
    )
    if not plan.is_over and not is_driven:
        out.line("pysteward upgrade resume continues it")
    elif plan.counts[StepState.FAILED]:
        out.line("pysteward upgrade retry rebuilds what failed")


def _change(change: ContentChange) -> dict[str, object]:
    rule = change.decision.rule
    return {
        "name": change.subject.name,
        "requested": change.subject.request.text,
        "fate": change.fate.value,
        "from": _installation(change.before),
        "to": _installation(change.after),
        "rule": rule.value if rule and change.fate is not Effect.KEEPS else None,
        "why": change.why,
    }


def _installation(candidate: Candidate | None) -> dict[str, object] | None:
    if candidate is None:
        return None
    return {"version": str(candidate.version), "executable": candidate.executable}
