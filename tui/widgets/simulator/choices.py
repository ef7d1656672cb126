"""The installations of a simulation: on or off, real or hypothetical, with their verdicts."""

from __future__ import annotations

from collections.abc import Sequence

from ....core.matching import Considered, Verdict
from ...looks import Looks
from ...simulation import Choice, Simulation
from ..rows import Cell, Row


def choice_rows(
    simulation: Simulation, considered: Sequence[Considered], looks: Looks
) -> list[Row]:
    """One row each; keys are positions. considered: in the same order, or empty."""
    return [
        _row(number, choice, considered[number] if considered else None, looks)
        for number, choice in enumerate(simulation.choices)
    ]


def _row(number: int, choice: Choice, line: Considered | None, looks: Looks) -> Row:
    candidate = choice.candidate
    version = str(candidate.version) if candidate.version else "unknown"
    if not choice.is_on:
        sign, role, where = looks.off, "muted", "off"
    elif candidate.unusable is not None:
        sign, role, where = looks.bad, "bad", "unusable"
    elif line is not None and line.verdict is Verdict.CHOSEN:
        sign, role, where = looks.chosen, "good", "chosen"
    else:
        sign, role, where = looks.on, "", "" if line is None else line.verdict.value
    origin = "hypothetical" if choice.is_added else looks.line(candidate.executable or "")
    where = f"{where}, {origin}" if where and origin else where or origin
    return Row(
        str(number),
        (Cell(sign, role), Cell(version, role or "strong"), Cell(where, role or "muted")),
    )
