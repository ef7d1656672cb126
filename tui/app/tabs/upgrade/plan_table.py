"""The steps of a plan: one row each, one step in words, and how far all of it is."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from .....core.upgrades import (
    ORDER,
    PlanStep,
    StepState,
    UpgradePlan,
    built_word,
    outcome_word,
    plan_line,
)
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
    Column("Installs", 9, keep=False),
    Column("Starts", 15, keep=False),
)
_ANSWERS = {
    "yes": "good",
    "no": "bad",
    "needs-variables": "doubtful",
    "needs-network": "doubtful",
}
_ROLES = {
    StepState.WAITING: "muted",
    StepState.BUILDING: "strong",
    StepState.DONE: "good",
    StepState.FAILED: "bad",
    StepState.UNMATCHED: "bad",
}


def step_rows(steps: Iterable[PlanStep], display: Display) -> list[Row]:
    """Return one row each, in the order in which they are built; keys are names."""
    return [
        Row(
            step.content,
            (
                state_cell(step, display),
                Cell(display.line(step.content, 200)),
                Cell(display.line(step.start or "-"), "muted"),
                Cell(display.line(step.end or "-"), "strong"),
                Cell(display.line(step.urgency), "bad" if step.urgency == "broken" else ""),
                Cell(display.line(outcome_word(step.predicted or "-")), "muted"),
                Cell(built_word(step), _ANSWERS.get(built_word(step), "muted")),
                Cell(display.line(step.starts or "-"), _ANSWERS.get(step.starts or "", "muted")),
            ),
        )
        for step in steps
    ]


def state_cell(step: PlanStep, display: Display) -> Cell:
    """Return the sign and the word of a step's state."""
    return Cell(f"{_sign(step.state, display)} {step.state.value}", _ROLES[step.state])


def summary_of(plan: UpgradePlan, *, is_driven: bool, display: Display) -> list[Paragraph]:
    """Return how far it is, and what it was for."""
    return [
        Paragraph(Content.styled(display.line(plan_line(plan, is_driven=is_driven)), "bold")),
        Paragraph(Content.styled(display.line(f"{plan.change}; made by {plan.by}", 300), "$muted")),
    ]


def step_detail(step: PlanStep | None, display: Display) -> list[Paragraph]:
    """Return one step in words: why it is built, where in the order, what went wrong."""
    if step is None:
        return []
    lines = [
        Paragraph(
            Content.assemble(
                (display.line(step.content), "bold"),
                (f"  {step.state.value}", "bold"),
                (f"  build {step.build}" if step.build else "", "$muted"),
            )
        ),
        Paragraph(Content(display.line(step.why, 500))),
    ]
    if step.problem is not None:
        problem = f"{display.bad} {display.line(step.problem, 500)}"
        lines.append(Paragraph(Content.styled(problem, "$text-error"), hang=2))
    return [*lines, Paragraph(Content.styled(f"The order: {ORDER}.", "$muted"))]


def _sign(state: StepState, display: Display) -> str:
    return {
        StepState.WAITING: display.unknown,
        StepState.BUILDING: display.chosen,
        StepState.DONE: display.good,
        StepState.FAILED: display.bad,
        StepState.UNMATCHED: display.bad,
    }[state]
