"""A diagnosis as a Markdown report that support can send to the author of the content."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ..findings import Finding
from ..safe_text import safe_line
from ..secrets import mask_secrets
from .model import Diagnosis

_OUTCOMES: Final = {
    "failed": "The build failed.",
    "succeeded": "The build succeeded.",
    "cancelled": "The build was stopped.",
    "unknown": "What became of the build is not clear from what was read.",
}
_ROLES: Final = {
    "cause": "Cause",
    "consequence": "What followed from it",
    "warning": "Warning",
}
# What would be taken for Markdown or HTML; safe text keeps it, since no terminal minds.
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]<>#|~&])")


def report(
    diagnosis: Diagnosis, subject: str, *, level: int = 1, outcome: str | None = None
) -> str:
    """The report, ending in a newline.

    subject: what was diagnosed, such as a file's name. level: of its heading, 1 to 5.
    outcome: a sentence; None means what became of a build.
    """
    return "\n".join(_lines(diagnosis, subject, level, outcome)) + "\n"


def markdown_text(text: str) -> str:
    """One line of plain words: the commands in our own backquotes stay, all else is escaped."""
    parts = re.split(r"(`[^`]{1,400}`)", safe_line(text))
    return "".join(
        part if index % 2 else _MARKUP.sub(r"\\\1", part) for index, part in enumerate(parts)
    )


def _lines(diagnosis: Diagnosis, subject: str, level: int, outcome: str | None) -> Iterator[str]:
    yield f"{'#' * level} Diagnosis of {markdown_text(mask_secrets(subject))}"
    yield ""
    yield outcome or _OUTCOMES[diagnosis.outcome]
    if not diagnosis.findings:
        yield ""
        yield "Nothing was found that explains a failure."
    for finding in diagnosis.findings:
        yield from _section(finding, level + 1)


def _section(finding: Finding, level: int) -> Iterator[str]:
    yield ""
    yield f"{'#' * level} {_ROLES[finding.role]}: {finding.code}"
    yield ""
    yield markdown_text(finding.cause)
    if finding.role != "consequence":
        yield ""
        yield f"- On the server: {markdown_text(finding.remedy)}"
        if finding.author_remedy is not None:
            yield f"- In the content: {markdown_text(finding.author_remedy)}"
    if finding.evidence:
        yield ""
        yield from _quoted(
            [f"{line.source}:{line.line}: {line.text.strip()}" for line in finding.evidence]
        )


def _quoted(lines: Sequence[str]) -> Iterator[str]:
    """A block of code, fenced by more backquotes than stand together in any of its lines."""
    safe = [safe_line(line) for line in lines]
    longest = max((len(run) for line in safe for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}text"
    yield from safe
    yield fence
