"""A finding as paragraphs: what went wrong, and its remedies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from textual.content import Content

from ....core.findings import Finding
from ....core.json_values import from_json
from ...terminal.display import Display
from .paragraphs import Paragraph


def finding_paragraphs(
    finding: Finding, display: Display, tag: str | None = None
) -> list[Paragraph]:
    """Role and code, cause, remedy, and the remedy for the author. tag: for clicks."""
    sign = display.doubtful if finding.role == "warning" else display.bad
    style = "$text-warning" if finding.role == "warning" else "bold $text-error"
    head = Content.assemble(
        (f"{sign} {finding.role} ", style), (display.line(finding.code), "$muted")
    )
    lines = [
        Paragraph(head, tag=tag),
        Paragraph(Content(display.line(finding.cause)), 2, 0, tag),
        *_remedy("Remedy", finding.remedy, display, tag),
    ]
    if finding.author_remedy:
        lines += _remedy("For the author", finding.author_remedy, display, tag)
    return lines


def findings_of(recorded: Iterable[Finding | Mapping[str, Any]]) -> list[Finding]:
    """Return the findings of a record."""
    return [each if isinstance(each, Finding) else from_json(Finding, each) for each in recorded]


def _remedy(label: str, text: str, display: Display, tag: str | None) -> list[Paragraph]:
    return [
        Paragraph(Content.styled(label, "$muted"), 2, 0, tag),
        *[
            Paragraph(Content.styled(line, "bold"), 4, 2, tag)
            for line in display.lines(text).split("\n")
        ],
    ]
