"""Findings: what went wrong in a build or a bundle, with the lines that prove it."""

from __future__ import annotations

from typing import Any, Literal

from .frozen import frozen
from .json_values import as_json

Role = Literal["cause", "consequence", "warning"]


@frozen
class Evidence:
    """One line that proves a finding.

    source: which text it is in, such as ``log`` or the name of a file.
    line: its number there, counted from 1.
    text: the line as data, secrets masked; `core.safe_text` makes it safe to show.
    """

    source: str
    line: int
    text: str


@frozen
class Finding:
    """One thing that went wrong.

    code: from the list in ``conformance/failures/codes.tsv``.
    role: ``cause`` for what ended the build, ``consequence`` for what followed from it,
        ``warning`` for what is wrong although the build succeeded.
    cause: one plain sentence with the names and numbers of this case.
    remedy: what an administrator does about it.
    author_remedy: what the content's author does about it; None where nothing differs.
    """

    code: str
    role: Role
    cause: str
    remedy: str
    author_remedy: str | None
    evidence: tuple[Evidence, ...]


def finding_as_json(finding: Finding) -> dict[str, Any]:
    """Return a finding as records and the command line's JSON have it."""
    return as_json(finding)
