"""The installations of a simulation: on or off, real or hypothetical, with their verdicts."""

from __future__ import annotations

from collections.abc import Sequence

from .....core.matching import Considered, SetEntry, Verdict
from ....terminal.display import Display
from ...widgets.table import Cell, Column, Row
from .model import SimulatorModel

COLUMNS = (
    Column("", 1),
    Column("Version", 10),
    Column("Verdict", 8),
    Column("Where", middle=True, keep=False),
)


def choice_rows(
    simulation: SimulatorModel, considered: Sequence[Considered], display: Display
) -> list[Row]:
    """Return one row each; keys are positions. considered: in the same order, or empty."""
    # As in the picture: said only where it tells some from others.
    is_mixed = len({choice.is_added for choice in simulation.entries}) > 1
    return [
        _row(number, choice, considered[number] if considered else None, is_mixed, display)
        for number, choice in enumerate(simulation.entries)
    ]


def _row(
    number: int, choice: SetEntry, line: Considered | None, is_mixed: bool, display: Display
) -> Row:
    candidate = choice.candidate
    version = str(candidate.version) if candidate.version else "unknown"
    mark = "*" if is_mixed and choice.is_added else ""
    if not choice.is_on:
        sign, role, verdict = display.off, "muted", "off"
    elif candidate.unusable is not None:
        sign, role, verdict = display.bad, "bad", "unusable"
    elif line is not None and line.verdict is Verdict.CHOSEN:
        sign, role, verdict = display.chosen, "good", "chosen"
    else:
        sign, role, verdict = display.on, "", "" if line is None else line.verdict.value
    where = display.line(candidate.executable or ("hypothetical" if choice.is_added else ""))
    cells = (
        Cell(sign, role),
        Cell(f"{version}{mark}", role or "strong"),
        Cell(verdict, role or "muted"),
        Cell(where, "muted"),
    )
    return Row(str(number), cells)
