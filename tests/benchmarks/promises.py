"""What a benchmark promises, beside what it has measured."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """One figure that stays at or below a limit.

    what: in some words. measured, limit: in the unit, such as ``ms``, ``MB`` or ``times``.
    """

    what: str
    measured: float
    limit: float
    unit: str

    @property
    def is_kept(self) -> bool:
        return self.measured <= self.limit

    @property
    def cells(self) -> tuple[str, str, str, str]:
        verdict = "kept" if self.is_kept else "NOT KEPT"
        return (self.what, self._figure(self.measured), self._figure(self.limit), verdict)

    def _figure(self, number: float) -> str:
        digits = 0 if abs(number) >= 20 or number == int(number) else 2
        return f"{number:,.{digits}f} {self.unit}"


def show(rows: Sequence[tuple[str, ...]], headings: tuple[str, ...]) -> None:
    """Print a table."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    for row in (headings, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def finish(promises: Sequence[Promise]) -> None:
    """End a benchmark: print its promises; the exit status is 1 where one is not kept."""
    if promises:
        print()
        show([promise.cells for promise in promises], ("promise", "measured", "at most", ""))
    sys.exit(0 if all(promise.is_kept for promise in promises) else 1)
