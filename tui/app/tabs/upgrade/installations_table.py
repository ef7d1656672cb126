"""The installations of an upgrade: those that stay, those to retire, those to come."""

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
    draft: UpgradeDraft, before: Mapping[int, int], after: Mapping[int, int], looks: Display
) -> list[Row]:
    """One row each; keys are positions.

    before, after: how much content an option has, and would have, by its position.
    """
    return [
        _row(number, option, before.get(number, 0), after.get(number, 0), looks)
        for number, option in enumerate(draft.entries)
    ]


def _row(number: int, option: SetEntry, before: int, after: int, looks: Display) -> Row:
    candidate = option.candidate
    sign, role, then = _fate(option, looks)
    used = f"{before:,}" if before == after else f"{before:,} -> {after:,}"
    where = option.path or candidate.executable or "hypothetical"
    return Row(
        str(number),
        (
            Cell(sign, role),
            Cell(str(candidate.version or "unknown"), role or "strong"),
            Cell(then, role or "muted"),
            Cell(used, "muted" if before == after else "strong"),
            Cell(looks.line(where), "muted"),
        ),
    )


def _fate(option: SetEntry, looks: Display) -> tuple[str, str, str]:
    """Sign, role and word."""
    if option.is_added:
        if not option.is_on:
            return looks.off, "muted", "not added"
        if option.candidate.unusable is not None:
            return looks.bad, "bad", "unusable"
        return looks.good, "good", "added"
    if not option.is_on:
        return looks.off, "bad", "retired"
    if option.candidate.unusable is not None:
        return looks.bad, "bad", "unusable"
    return looks.on, "", "stays"
