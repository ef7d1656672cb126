"""The phases of a build in one line, for the terminal interface and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.times import span
from .symbols import Symbols, columns_of

if TYPE_CHECKING:
    from ...core.builds import Count, PhaseTime, Timeline

_GAUGE = 10  # columns
Part = tuple[str, str]
"""A text and its role: ``name``, ``current``, ``time``, ``gauge`` or ``between``."""


def strip_parts(timeline: Timeline, now: float, symbols: Symbols, width: int) -> list[Part]:
    """Return the phases with their times, the one at work marked and with a bar where its total is
    known. now: seconds since 1970. Where they do not fit, the first ones are left out."""
    phases = [(each, _phase(each, timeline.count, symbols)) for each in timeline.phases(now)]
    parts: list[Part] = []
    for first in range(len(phases)):
        parts = [(f"{symbols.more}", "between")] if first else []
        for number, (phase, own) in enumerate(phases[first:]):
            if number or first:
                parts.append(_before(phase, symbols))
            parts += own
        if sum(columns_of(text) for text, _ in parts) <= width:
            break
    return parts


def count_text(count: Count) -> str:
    """Return how far something is, such as ``57/91`` or ``12.5/80.0 MB``."""
    if count.is_bytes:
        return f"{count.done / 1e6:.1f}/{count.total / 1e6:.1f} MB"
    return f"{count.done}/{count.total}"


def size_text(size: int) -> str:
    """Return bytes in eight columns at most: ``512 kB``, ``18.3 MB``, ``1.20 GB``."""
    if size >= 1_000_000_000:
        return f"{size / 1e9:.2f} GB"
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{-(-size // 1000)} kB"


def _before(phase: PhaseTime, symbols: Symbols) -> Part:
    """What stands before a phase; the sign before the one at work is larger."""
    if phase.is_current:
        return (f" {symbols.chosen if symbols.unicode else '>>'} ", "current")
    return (f" {symbols.step} ", "between")


def _phase(phase: PhaseTime, count: Count | None, symbols: Symbols) -> list[Part]:
    time = f" {span(phase.seconds)}"
    if not phase.is_current:
        return [(phase.name, "name"), (time, "time")]
    parts = [(phase.name, "current")]
    if count is not None:
        gauge = symbols.gauge(count.share, _GAUGE)
        parts += [(" ", "name"), (gauge, "gauge"), (f" {count_text(count)}", "name")]
    return [*parts, (time, "name")]
