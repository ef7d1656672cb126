"""A build at a glance: its phases as a strip, what it does now, its packages. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from .....core.times import span
from ....terminal.build_strip import size_text, strip_parts
from ....terminal.display import Display
from ...widgets.table import Cell, Column, Row

if TYPE_CHECKING:
    from .....core.builds import Estimate, PackageTime, Timeline

PACKAGE_COLUMNS = (
    Column("Package", least=10),
    Column("State", 11, fits=True),
    Column("Size", 8),
    Column("Time", 5),
)
_STYLES = {
    "name": "",
    "current": "bold $text-primary",
    "gauge": "$text-primary",
    "time": "$muted",
    "between": "$muted",
}
_ROLES = {"installed": "good", "failed": "bad", "found": "muted", "cached": "muted"}


def strip_of(timeline: Timeline, now: float, display: Display, width: int) -> Content:
    """Return the phases with their times in `width` columns, the one at work marked."""
    parts = strip_parts(timeline, now, display, width)
    return Content.assemble(*((text, _STYLES[role]) for text, role in parts))


def estimate_text(estimate: Estimate | None, timeline: Timeline, elapsed: float) -> str:
    """Return what an earlier build lets expect, in words; empty without one. elapsed: seconds."""
    if estimate is None:
        return ""
    took = span(estimate.seconds)
    about = f"of about {took}" if elapsed < estimate.seconds else f"(an earlier build took {took})"
    if timeline.progress.phase in ("resolve", "download", "build"):
        found = len(timeline.packages())
        return f"{about}, {found} of about {estimate.packages} packages found"
    return about


def ending_of(timeline: Timeline, packages: int, size: int | None, display: Display) -> str:
    """Return the result of a build that has ended, in one line.

    packages: in its environment. size: bytes of the environment, None where that is not known.
    """
    parts: list[str] = []
    if packages:
        parts.append(f"{packages} package{'s' * (packages != 1)}")
    if size:
        parts.append(size_text(size))
    if timeline.cached:
        parts.append(f"{timeline.cached} from the cache")
    if slow := timeline.slowest():
        named = ", ".join(
            f"{display.line(each.name, 40)} {span(each.seconds or 0)}" for each in slow
        )
        parts.append(f"slowest: {named}")
    return ", ".join(parts)


def package_rows(packages: Sequence[PackageTime], display: Display, *, is_over: bool) -> list[Row]:
    """Return a row for each package: the last one met first, slowest first once it is over."""
    if is_over:
        ordered = sorted(packages, key=lambda each: (-(each.seconds or 0), -(each.size or 0)))
    else:
        ordered = [*reversed(packages)]
    return [_row(each, display) for each in ordered]


def _row(each: PackageTime, display: Display) -> Row:
    version = f" {each.version}" if each.version else ""
    time = span(each.seconds) if each.seconds is not None else ""
    return Row(
        each.name,
        (
            Cell(display.line(f"{each.name}{version}", 80)),
            Cell(display.line(each.state, 20), _ROLES.get(each.state, "strong")),
            Cell(f"{size_text(each.size):>8}" if each.size else ""),
            Cell(f"{time:>5}", "muted"),
        ),
    )
