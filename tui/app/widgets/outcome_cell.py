"""The outcome of a build as a cell of a table."""

from __future__ import annotations

from ...terminal.display import Display
from .table import Cell


def outcome_cell(outcome: str, display: Display) -> Cell:
    """Return the sign and the word of an outcome."""
    if outcome == "succeeded":
        return Cell(f"{display.good} succeeded", "good")
    if outcome == "failed":
        return Cell(f"{display.bad} failed", "bad")
    if outcome == "running":
        return Cell(f"{display.chosen} running", "strong")
    return Cell(f"{display.doubtful} {display.line(outcome)}", "doubtful")
