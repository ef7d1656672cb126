"""What a diagnosis says: an outcome, findings, and the lines that prove them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..findings import Evidence, Finding, finding_as_json

DiagnosisOutcome = Literal["failed", "succeeded", "cancelled", "unknown"]


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What is known of a build besides its log; every field may be absent.

    python: the version of the interpreter in use, such as ``3.11.7``.
    interpreter: its path.
    authored: whether what is built has an author who can be told; a Python built from its source
        has none.
    pip: the version of pip in use, such as ``26.2``; None where it is not known or uv installs.
    index_lines: the lines of the requirements that name a package index; they win over the
        server's configuration.
    waited: seconds that the installer has waited for an index in vain; None where it is not known.
    conda_list: what lines of the requirements are that come from conda; None where there are none.
    """

    python: str | None = None
    interpreter: str | None = None
    authored: bool = True
    pip: str | None = None
    index_lines: tuple[Evidence, ...] = ()
    conda_list: str | None = None
    waited: float | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The outcome that a log shows and the findings in it, the root cause first."""

    outcome: DiagnosisOutcome
    findings: tuple[Finding, ...] = field(default=())

    @property
    def cause(self) -> Finding | None:
        """What ended the build; None where nothing did."""
        return next((found for found in self.findings if found.role == "cause"), None)


def diagnosis_as_json(diagnosis: Diagnosis) -> Mapping[str, Any]:
    """A diagnosis as the command line's JSON has it."""
    return {
        "outcome": diagnosis.outcome,
        "findings": [finding_as_json(finding) for finding in diagnosis.findings],
    }
