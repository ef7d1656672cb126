"""One line of a log as a strip of the screen."""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from ....core.frozen import frozen
from .cells import Cells
from .levels import Level

CONTINUES = "~"
EVIDENCE = ">"
PHASE = "="
SIGNS = {Level.PLAIN: " ", Level.WARNING: "W", Level.ERROR: "E"}
"""What the column before a line says, for those who see no colors; ASCII, for all terminals."""


@frozen
class Ink:
    """The styles that lines are painted with."""

    plain: Style
    warning: Style
    error: Style
    gutter: Style
    evidence: Style
    match: Style
    current: Style
    selected: Style
    phase: Style
    quiet: Style

    def of(self, level: Level) -> Style:
        if level is Level.ERROR:
            return self.error
        return self.warning if level is Level.WARNING else self.plain


@frozen
class Marks:
    """What is marked on a row besides its level.

    quiet: parts that only repeat what is known. phase: whether a phase of the build begins here.
    """

    evidence: bool = False
    current: bool = False
    selected: bool = False
    matches: tuple[tuple[int, int], ...] = ()
    quiet: tuple[tuple[int, int], ...] = ()
    phase: bool = False


def paint(
    cells: Cells,
    shown: tuple[int, int, int],
    gutter: str,
    level: Level,
    marks: Marks,
    ink: Ink,
    width: int,
) -> Strip:
    """Return a strip of exactly so many cells.

    shown: the first character to show, the one after the last, the cells to leave blank before.
    gutter: what stands before the text, already as wide as it is to be.
    """
    base = ink.of(level)
    if marks.phase and level is Level.PLAIN:
        base = ink.phase
    if marks.evidence:
        base = base + ink.evidence
    if marks.current:
        base = base + ink.current
    if marks.selected:
        base = base + ink.selected
    first, after, blank = shown
    used = len(gutter) + blank + cells.columns(first, after)
    padding = " " * max(0, width - used)
    lead = ink.evidence if marks.evidence else ink.gutter
    # One style for a whole line wherever that is true: each change costs some 30 bytes.
    if gutter.strip():
        segments = [Segment(gutter, lead + _tint(base))]
        before = " " * blank
    else:
        segments = []
        before = gutter + " " * blank
    spans, style = (marks.matches, ink.match) if marks.matches else (marks.quiet, ink.quiet)
    pieces = [*_highlighted(cells.text, first, after, spans, base, style)]
    if len(pieces) == 1:
        pieces = [Segment(before + pieces[0].text + padding, pieces[0].style)]
    else:
        pieces = [Segment(before, base), *pieces, Segment(padding, base)]
    segments += [piece for piece in pieces if piece.text]
    return Strip(segments, max(used, width))


def _tint(base: Style) -> Style:
    """Return the background of a line, for its gutter."""
    return Style(bgcolor=base.bgcolor)


def _highlighted(
    text: str, first: int, after: int, spans: Iterable[tuple[int, int]], base: Style, match: Style
) -> Iterable[Segment]:
    at = first
    for start, end in spans:
        start, end = max(start, at), min(end, after)
        if start >= end:
            continue
        if start > at:
            yield Segment(text[at:start], base)
        yield Segment(text[start:end], base + match)
        at = end
    if at < after:
        yield Segment(text[at:after], base)
