"""The reasoning in words: the answer, the rules one by one, the three policies side by side."""

from __future__ import annotations

from textual.content import Content

from .....core.matching import Candidate, Decision, RuleStep
from ....terminal.display import Display
from ...widgets.paragraphs import Paragraph
from .model import SimulatorModel

_MOST_NAMED = 8


def answer_of(simulation: SimulatorModel, display: Display) -> list[Paragraph]:
    """Return what the request gets, and why, in two or three lines."""
    decision = simulation.decide()
    if decision is None:
        if simulation.problem is None:
            return [
                Paragraph(
                    Content.styled("Type a version (3.7.1) or a constraint (>=3.8,<3.11)", "$muted")
                )
            ]
        return [
            Paragraph(
                Content.assemble(
                    (f"{display.bad} no request  ", "bold $text-error"),
                    display.line(simulation.problem, 400),
                )
            )
        ]
    return [
        Paragraph(_verdict(decision, display)),
        Paragraph(Content(display.line(decision.reason))),
    ]


def rules_of(
    decision: Decision | None, display: Display, upto: int | None, *, is_short: bool = False
) -> list[Paragraph]:
    """Return what each rule that was tried came to.

    upto: only so many, for stepping through. is_short: one line for each, so that all are in view.
    """
    if decision is None:
        return []
    if is_short:
        return [
            _short_rule(number, step, display)
            for number, step in enumerate(decision.steps[:upto], 1)
        ]
    lines: list[Paragraph] = []
    usable = sum(candidate.unusable is None for candidate in decision.candidates)
    total = len(decision.candidates)
    lines.append(Paragraph(Content(f"{usable} of {total} installations are usable and take part.")))
    for number, step in enumerate(decision.steps[:upto], 1):
        is_taken = step.taken is not None
        head = Content.assemble(
            (f"{number} ", "$muted"),
            (step.rule.value, "bold"),
            f"  {display.line(step.question)}",
            ("" if is_taken else "  no", "$muted"),
        )
        lines.append(Paragraph(head, hang=2))
        if step.taken is not None:
            others = [each for each in step.passing if each is not step.taken]
            text = f"{display.chosen} {step.taken.version} is taken"
            if others:
                text += f", before {_names(others)}"
            lines.append(Paragraph(Content.styled(text, "bold $text-success"), indent=2, hang=2))
    is_over = upto is None or upto >= len(decision.steps)
    if decision.selected is None and is_over:
        lines.append(
            Paragraph(
                Content.styled(f"{display.bad} no rule is left: no match", "bold $text-error")
            )
        )
    return lines


def _short_rule(number: int, step: RuleStep, display: Display) -> Paragraph:
    head = (f"{number} ", "$muted")
    if step.taken is None:
        return Paragraph(Content.assemble(head, step.rule.value, ("  none", "$muted")), hang=2)
    taken = f"{display.chosen} {step.rule.value}: {step.taken.version}"
    return Paragraph(Content.assemble(head, (taken, "bold $text-success")), hang=2)


def _verdict(decision: Decision, display: Display) -> Content:
    if decision.selected is None:
        return Content.assemble(
            (f"{display.bad} no match", "bold $text-error"),
            (f"  policy {decision.policy.value}", "$muted"),
        )
    where = decision.selected.executable
    return Content.assemble(
        (f"{display.chosen} {decision.selected.version}", "bold $text-success"),
        (f"  rule {decision.rule.value if decision.rule else ''}", ""),
        (f"  {display.line(where)}" if where else "  hypothetical", "$muted"),
    )


def _names(candidates: list[Candidate]) -> str:
    named = ", ".join(str(candidate.version) for candidate in candidates[:_MOST_NAMED])
    more = len(candidates) - _MOST_NAMED
    return f"{named} and {more} more" if more > 0 else named


def step_prompt(decision: Decision, step: int, display: Display) -> list[Paragraph]:
    """Stands for the answer while it is not told yet."""
    steps = decision.steps
    request = display.line(decision.request.text)
    if step == 0:
        text = f"{request} under {decision.policy.value}. Which one? n tries the first rule."
    else:
        text = f"Rule {steps[step - 1].rule.value} found none. n tries the next rule."
    return [
        Paragraph(Content.styled(f"? {step} of {len(steps)} rules tried", "bold $text-accent")),
        Paragraph(Content(text)),
    ]
