"""What a diagnosis says: an outcome, findings, and the lines that prove them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["cause", "consequence", "warning"]
DiagnosisOutcome = Literal["failed", "succeeded", "cancelled", "unknown"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One line that proves a finding.

    source: which text it stands in, such as ``log`` or a file's name.
    line: its number there, counted from 1.
    text: the line as data, secrets masked; whoever shows it makes it safe (``core.safe_text``).
    """

    source: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What is known of a build besides its log; every field may be absent.

    python: the version of the interpreter in use, such as ``3.11.7``.
    interpreter: its path.
    authored: whether what is built has an author who can be told; a Python built from its source
        has none.
    """

    python: str | None = None
    interpreter: str | None = None
    authored: bool = True


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The outcome that a log shows and the findings in it, the root cause first."""

    outcome: DiagnosisOutcome
    findings: tuple[Finding, ...] = field(default=())

    @property
    def cause(self) -> Finding | None:
        """What ended the build; None where nothing did."""
        return next((found for found in self.findings if found.role == "cause"), None)


def finding_as_json(finding: Finding) -> Mapping[str, Any]:
    """A finding as the command line's JSON has it."""
    return {
        "code": finding.code,
        "role": finding.role,
        "cause": finding.cause,
        "remedy": finding.remedy,
        "author_remedy": finding.author_remedy,
        "evidence": [
            {"source": line.source, "line": line.line, "text": line.text}
            for line in finding.evidence
        ],
    }


def diagnosis_as_json(diagnosis: Diagnosis) -> Mapping[str, Any]:
    """A diagnosis as the command line's JSON has it."""
    return {
        "outcome": diagnosis.outcome,
        "findings": [finding_as_json(finding) for finding in diagnosis.findings],
    }
