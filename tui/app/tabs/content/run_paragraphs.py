"""What is known of whether content starts, in a cell and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from ....terminal.display import Display
from ...widgets.durations import clock
from ...widgets.paragraphs import Paragraph
from ...widgets.table import Cell

if TYPE_CHECKING:
    from .....core.builds import Build
    from .....core.content import ContentStatus

_WORDS = {
    "yes": "yes",
    "no": "no",
    "needs-variables": "needs variables",
    "needs-network": "needs network",
}


def starts_cell(each: ContentStatus, display: Display) -> Cell:
    """Return whether content starts, for the list."""
    word = _WORDS.get(each.starts)
    if word is None:
        return Cell("not checked", "muted")
    if each.starts == "yes":
        return Cell(f"{display.good} {word}", "good")
    if each.starts == "no":
        return Cell(f"{display.bad} {word}", "bad")
    return Cell(f"{display.doubtful} {word}", "doubtful")


def run_paragraphs(run: Build, display: Display, now: float) -> list[Paragraph]:
    """Return the last run of content: when, with what end, its cause and remedy.

    now: seconds since 1970.
    """
    when = clock(run.started, now)
    if run.asked.kind == "render":
        said = f"Last run: rendered {when}, {run.outcome}"
    elif run.check is None:
        said = f"Last run: checked {when}, {run.outcome}"
    else:
        said = f"Last run: checked {when}, {run.check.starts}: {run.check.why}"
    lines = [Paragraph(), Paragraph(Content(display.line(said)), hang=2)]
    if run.check is not None:
        lines += [
            Paragraph(Content.styled(display.line(f"Not opened: {each}"), "$muted"), 2, 2)
            for each in run.check.not_opened
        ]
    for finding in run.all_findings[:1]:
        lines.append(
            Paragraph(
                Content.styled(f"{display.bad} {display.line(finding.cause)}", "$text-error"),
                hang=2,
            )
        )
        lines += [
            Paragraph(
                Content(display.line(f"{each.source}, line {each.line}: {each.text.strip()}")), 2, 2
            )
            for each in finding.evidence[:1]
            if each.source not in ("log", "pip.log")
        ]
        lines.append(Paragraph(Content(display.line(finding.remedy)), 2, 2))
    lines.append(Paragraph(Content.styled("o opens its log.", "$muted")))
    return lines
