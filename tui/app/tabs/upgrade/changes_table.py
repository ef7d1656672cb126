"""The effects of an upgrade on content: counts, rows, and one change in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from textual.content import Content

from .....core.upgrades import (
    WORST_FIRST,
    ContentChange,
    Effect,
    UpgradeSimulation,
    outcome_word,
    why_of,
)
from ....terminal.display import Display
from ...widgets.paragraphs import Paragraph
from ...widgets.table import Cell, Column, Row

if TYPE_CHECKING:
    from .....core.upgrades import Prediction, Subject

COLUMNS = (
    Column("Effect", 11),
    Column("Content", middle=True),
    Column("Request", 12),
    Column("From", 8),
    Column("To", 8),
    Column("Preflight", 12, keep=False),
)
MOST_ROWS = 2_000
"""More are not listed; the filter finds them."""

_RANKS = {fate: rank for rank, fate in enumerate(WORST_FIRST)}

Predictions = Mapping[str, "Prediction"]
"""By the name of the content."""

_STYLES = {
    Effect.FAILS: "$text-error",
    Effect.MOVES: "$text-warning",
    Effect.GAINS: "$text-success",
    Effect.UNMATCHED: "$text-error",
    Effect.KEEPS: "$muted",
}
_ROLES = {
    Effect.FAILS: "bad",
    Effect.MOVES: "doubtful",
    Effect.GAINS: "good",
    Effect.UNMATCHED: "bad",
    Effect.KEEPS: "muted",
}


def counts_of(simulation: UpgradeSimulation) -> Content:
    """Return how many meet which fate, the worst first."""
    counts = simulation.counts
    parts: list[tuple[str, str]] = []
    for fate in WORST_FIRST:
        if counts[fate]:
            word = fate.value if counts[fate] == 1 else fate.value.removesuffix("s")
            parts += [(f"{counts[fate]:,} {word}", f"bold {_STYLES[fate]}"), ("  ", "")]
    return Content.assemble(*parts) if parts else Content("No content needs a Python.")


def change_rows(
    changes: Iterable[ContentChange], predicted: Predictions, display: Display
) -> list[Row]:
    """Return one row each for the first MOST_ROWS, the worst first; keys are names."""
    worst = sorted(changes, key=lambda change: _RANKS[change.fate])[:MOST_ROWS]
    return [_row(change, predicted, display) for change in worst]


def detail_of(
    change: ContentChange | None, predicted: Predictions, display: Display
) -> list[Paragraph]:
    """One change in words: where it goes, by which rule, and whether it would still install."""
    if change is None:
        return []
    lines = [
        Paragraph(
            Content.assemble(
                (display.line(change.subject.name), "bold"),
                (f"  {change.fate.value}", f"bold {_STYLES[change.fate]}"),
                (f"  wants {_request(change.subject, display)}", "$muted"),
            )
        ),
        Paragraph(Content(display.line(change.why, 500))),
    ]
    made = predicted.get(change.subject.name)
    if made is None:
        return lines
    style = "$text-success" if made.answer.outcome == "installs" else "$text-warning"
    lines.append(
        Paragraph(
            Content.assemble(
                (f"Preflight on {made.python}: {made.answer.outcome}", f"bold {style}"),
                (f", {display.line(why_of(made), 500)}", ""),
            )
        )
    )
    lines += [
        Paragraph(
            Content.assemble(("Remedy: ", "$muted"), display.line(finding.remedy, 500)), hang=8
        )
        for finding in made.answer.findings[:1]
    ]
    return lines


def _row(change: ContentChange, predicted: Predictions, display: Display) -> Row:
    made = predicted.get(change.subject.name)
    return Row(
        change.subject.name,
        (
            Cell(f"{_sign(change.fate, display)} {change.fate.value}", _ROLES[change.fate]),
            Cell(display.line(change.subject.name, 200)),
            Cell(_request(change.subject, display)),
            Cell(str(change.before.version) if change.before else "-", "muted"),
            Cell(str(change.after.version) if change.after else "-", "strong"),
            _predicted(made),
        ),
    )


def _request(subject: Subject, display: Display) -> str:
    return "not read" if subject.is_assumed else display.line(subject.request.text, 60)


def _sign(fate: Effect, display: Display) -> str:
    return {
        Effect.FAILS: display.bad,
        Effect.MOVES: display.chosen,
        Effect.GAINS: display.good,
        Effect.UNMATCHED: display.bad,
        Effect.KEEPS: display.unknown,
    }[fate]


def _predicted(made: Prediction | None) -> Cell:
    if made is None:
        return Cell("-", "muted")
    outcome = made.answer.outcome
    role = {"installs": "good", "fails": "bad"}.get(outcome, "doubtful")
    return Cell(outcome_word(outcome), role)
