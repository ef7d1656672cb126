"""The installations of an upgrade: kept, removed and added ones."""

from __future__ import annotations

from collections.abc import Mapping

from .....core.matching import SetEntry
from ....terminal.display import Display
from ...widgets.table import Cell, Column, Row
from .model import UpgradeDraft

COLUMNS = (
    Column("", 1),
    Column("Version", 8),
    Column("Then", 9),
    Column("Content", 10),
    Column("Where", middle=True, keep=False, least=7),  # two of one version are told apart by it
)


def option_rows(
    draft: UpgradeDraft, before: Mapping[int, int], after: Mapping[int, int], display: Display
) -> list[Row]:
    """Return one row each; keys are positions.

    before, after: how much content an option has, and would have, by its position.
    """
    return [
        _row(number, option, before.get(number, 0), after.get(number, 0), display)
        for number, option in enumerate(draft.entries)
    ]


def _row(number: int, option: SetEntry, before: int, after: int, display: Display) -> Row:
    candidate = option.candidate
    sign, role, then = _fate(option, display)
    used = f"{before:,}" if before == after else f"{before:,} -> {after:,}"
    where = option.path or candidate.executable or "hypothetical"
    return Row(
        str(number),
        (
            Cell(sign, role),
            Cell(str(candidate.version or "unknown"), role or "strong"),
            Cell(then, role or "muted"),
            Cell(used, "muted" if before == after else "strong"),
            Cell(display.line(where), "muted"),
        ),
    )


def _fate(option: SetEntry, display: Display) -> tuple[str, str, str]:
    """Sign, role and word."""
    if option.is_added:
        if not option.is_on:
            return display.off, "muted", "not added"
        if option.candidate.unusable is not None:
            return display.bad, "bad", "unusable"
        return display.good, "good", "added"
    if not option.is_on:
        return display.off, "bad", "removed"
    if option.candidate.unusable is not None:
        return display.bad, "bad", "unusable"
    return display.on, "", "kept"
