"""The rows of the installations: verdict, version, path, pip, virtualenv, end of life, use."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ....terminal.display import Display
from ...widgets.table import Cell, Column, Row

if TYPE_CHECKING:
    from .....core.installations import Installation
    from ...session import Session

COLUMNS = (
    Column("Verdict", 10),
    Column("Version", 9),
    Column("Path", middle=True),
    Column("pip", 7, keep=False),
    Column("virtualenv", 10, keep=False),
    Column("EOL", 8),
    Column("Used", 4, keep=False),
)


def rows_of(session: Session, display: Display) -> list[Row]:
    """Return one row each, in the order of the settings.

    Keys are positions, for a path may repeat.
    """
    return [
        _row(str(number), installation, session.used_by(installation), display, session.today)
        for number, installation in enumerate(session.installations)
    ]


def verdict(installation: Installation, display: Display) -> Cell:
    """Return the sign and the word for it."""
    if not installation.verified and not installation.problems:
        return Cell(f"{display.unknown} waiting", "muted")
    if not installation.usable:
        return Cell(f"{display.bad} unusable", "bad")
    if installation.warnings:
        return Cell(f"{display.doubtful} usable", "doubtful")
    return Cell(f"{display.good} usable", "good")


def _row(key: str, installation: Installation, used: int, display: Display, today: date) -> Row:
    missing = Cell("-", "muted")
    end = installation.end_of_life
    return Row(
        key,
        (
            verdict(installation, display),
            Cell(str(installation.version), "strong") if installation.version else missing,
            Cell(display.line(installation.path)),
            Cell(display.line(installation.pip)) if installation.pip else missing,
            Cell(display.line(installation.virtualenv)) if installation.virtualenv else missing,
            end_cell(end, today) if end else missing,
            Cell(f"{used:>4}" if used else "   -", "" if used else "muted", used),
        ),
    )


def end_cell(end: date, today: date) -> Cell:
    """Return the month in which support ends; a past one is marked, by sign as by color."""
    if end < today:
        return Cell(f"{end:%Y-%m}!", "bad")
    return Cell(f"{end:%Y-%m}", "doubtful" if (end - today).days < 365 else "")
