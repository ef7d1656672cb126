"""`diagnose --connect`: why content of a Connect server failed."""

from __future__ import annotations

from ...core.diagnosis import diagnosis_as_json
from ...core.remotes.connect import Examination, day_of, examine_content
from .. import messages
from ..output import Output
from .connect_source import open_session, say_assumptions
from .connect_tables import content_document, failure_document


def examine(name: str, wanted: str) -> Examination:
    """Read and judge content. name: of the server. Raises: StewardError."""
    with open_session(name) as session:
        say_assumptions(session)
        found = examine_content(session.client, session.cache, session.policy, wanted)
    for sentence in found.missing:
        messages.note(sentence)
    return found


def examination_document(found: Examination) -> dict[str, object]:
    """Return the JSON of `diagnose`, with the content and its newest failure."""
    failure = None if found.failure is None else failure_document(found.failure)
    return {
        **diagnosis_as_json(found.diagnosis),
        "content": content_document(found.content),
        "failure": failure,
        "missing": list(found.missing),
    }


def show_examination(found: Examination, out: Output) -> None:
    """Write what was looked at; the findings follow."""
    item, failure = found.content, found.failure
    owner = item.owner or item.owner_guid or "not known"
    out.line(f"{item.label}  {item.guid}")
    out.line(f"  owner {owner}, Python {item.python or '-'}, deployed {day_of(item.deployed)} UTC")
    if failure is None:
        out.line("  no failed job")
    elif failure.job is None:
        out.line("  it never got an environment, and there is no job")
    else:
        job = failure.job
        solved = "; a later one ended well" if failure.solved else ""
        out.line(
            f"  job {job.key} ({failure.kind.value}) ended {day_of(failure.when)} UTC with exit "
            f"code {job.exit_code}{solved}"
        )
        if failure.error is not None:
            out.line(f"  Connect says: {failure.error.summary} (code {failure.error.code})")
        if failure.diagnosis.cause is None:
            out.line(f"  {failure.cause}")
    out.line()
