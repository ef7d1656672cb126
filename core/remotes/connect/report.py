"""The failures of a Connect server as Markdown, to be handed over."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from ...diagnosis import markdown_text, report
from .failures import Failure, causes_of

CAUSES = {
    "no-python-match": "no compatible Python",
    "unknown": "not explained",
}
"""What the table of causes says for a code, where the code's own words are not enough."""

KINDS = {
    "environment": "the environment could not be built",
    "start": "the application did not start",
    "render": "the document could not be rendered",
    "other": "a job failed",
}


def cause_words(code: str) -> str:
    """Return a code in words: `no compatible Python`."""
    return CAUSES.get(code, code.replace("-", " "))


def day_of(seconds: float | None) -> str:
    """Return the day and minute, UTC; ``-`` where it is not known."""
    return "-" if seconds is None else time.strftime("%Y-%m-%d %H:%M", time.gmtime(seconds))


def failures_report(failures: Sequence[Failure], server: str, notes: Sequence[str]) -> str:
    """Return the report, ending in a newline.

    server: its name. notes: sentences about what was not read.
    """
    return "\n".join(_lines(failures, server, notes)) + "\n"


def _lines(failures: Sequence[Failure], server: str, notes: Sequence[str]) -> Iterator[str]:
    yield f"# Failures on {markdown_text(server)}"
    yield ""
    for note in notes:
        yield f"- {markdown_text(note)}"
    if notes:
        yield ""
    yield "| failures | cause |"
    yield "| --- | --- |"
    for code, count in causes_of(failures):
        yield f"| {count} of {len(failures)} | {markdown_text(cause_words(code))} |"
    for failure in failures:
        yield ""
        yield from _failure(failure)


def _failure(failure: Failure) -> Iterator[str]:
    item = failure.content
    yield f"## {markdown_text(item.label)}"
    yield ""
    yield f"- {KINDS[failure.kind.value].capitalize()}, {day_of(failure.when)} UTC"
    yield f"- Owner: {markdown_text(item.owner or item.owner_guid or 'not known')}"
    yield f"- Content: {item.guid}"
    if failure.error is not None:
        said = f"{failure.error.summary} (code {failure.error.code})"
        yield f"- Connect says: {markdown_text(said)}"
    if failure.solved:
        yield "- A later job of the same kind ended well."
    yield ""
    outcome = f"{KINDS[failure.kind.value].capitalize()}."
    told = report(failure.diagnosis, item.name or item.guid, level=3, outcome=outcome)
    yield told.rstrip("\n")
