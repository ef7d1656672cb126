"""The steps of a plan: one row each, one step in words, and how far all of it is."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from .....core.upgrades import (
    ORDER,
    PlanStep,
    StepState,
    UpgradePlan,
)
from ....cli.upgrade_tables import outcome_word, plan_line
from ....terminal.display import Display
from ...widgets.paragraphs import Paragraph
from ...widgets.table import Cell, Column, Row

COLUMNS = (
    Column("State", 11),
    Column("Content", middle=True),
    Column("From", 8),
    Column("To", 8),
    Column("Urgency", 8),
    Column("Predicted", 12, keep=False),
)
_ROLES = {
    StepState.WAITING: "muted",
    StepState.BUILDING: "strong",
    StepState.DONE: "good",
    StepState.FAILED: "bad",
    StepState.UNMATCHED: "bad",
}


def step_rows(steps: Iterable[PlanStep], looks: Display) -> list[Row]:
    """One row each, in the order in which they are built; keys are names."""
    return [
        Row(
            step.content,
            (
                Cell(f"{_sign(step.state, looks)} {step.state.value}", _ROLES[step.state]),
                Cell(looks.line(step.content, 200)),
                Cell(looks.line(step.start or "-"), "muted"),
                Cell(looks.line(step.end or "-"), "strong"),
                Cell(looks.line(step.urgency), "bad" if step.urgency == "broken" else ""),
                Cell(looks.line(outcome_word(step.predicted or "-")), "muted"),
            ),
        )
        for step in steps
    ]


def summary_of(plan: UpgradePlan, *, is_driven: bool, looks: Display) -> list[Paragraph]:
    """How far it is, and what it was for."""
    return [
        Paragraph(Content.styled(looks.line(plan_line(plan, is_driven=is_driven)), "bold")),
        Paragraph(Content.styled(looks.line(f"{plan.change}; made by {plan.by}", 300), "$muted")),
    ]


def step_detail(step: PlanStep | None, looks: Display) -> list[Paragraph]:
    """One step in words: why it is built, where in the order, what went wrong."""
    if step is None:
        return []
    lines = [
        Paragraph(
            Content.assemble(
                (looks.line(step.content), "bold"),
                (f"  {step.state.value}", "bold"),
                (f"  build {step.build}" if step.build else "", "$muted"),
            )
        ),
        Paragraph(Content(looks.line(step.why, 500))),
    ]
    if step.problem is not None:
        problem = f"{looks.bad} {looks.line(step.problem, 500)}"
        lines.append(Paragraph(Content.styled(problem, "$text-error"), hang=2))
    return [*lines, Paragraph(Content.styled(f"The order: {ORDER}.", "$muted"))]


def _sign(state: StepState, looks: Display) -> str:
    return {
        StepState.WAITING: looks.unknown,
        StepState.BUILDING: looks.chosen,
        StepState.DONE: looks.good,
        StepState.FAILED: looks.bad,
        StepState.UNMATCHED: looks.bad,
    }[state]
