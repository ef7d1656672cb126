"""A request that no installation gets, as a finding: what is missing, and who puts it right."""

from __future__ import annotations

from ..findings import Evidence, Finding
from .decision import Decision


def unmatched_finding(
    decision: Decision, evidence: tuple[Evidence, ...], *, remedy: str | None = None
) -> Finding:
    """Return why a request got no Python.

    remedy: what puts right the installation that would match, or what Pythons there are where none
    is configured; None where that is not known.
    """
    if not decision.candidates:
        return Finding(
            "no-python-configured",
            "cause",
            decision.reason,
            "Name the server's Pythons with Executable in [Python]; "
            + (remedy or "`pysteward discover` lists those of this machine."),
            "Ask the administrator: this server has no Python yet.",
            evidence,
        )
    if decision.unusable_match is not None:
        return Finding(
            "python-unusable",
            "cause",
            decision.reason,
            remedy or "Put that installation right: `pysteward installations` says how.",
            "Ask the administrator, or deploy with a version that this server can use.",
            evidence,
        )
    if decision.request.constraint is not None:
        return Finding(
            "no-python-match",
            "cause",
            decision.reason,
            "Add an installation that satisfies the constraint; the policy has no part in it.",
            "Widen the constraint, or deploy with a Python that the server has.",
            evidence,
        )
    return Finding(
        "no-python-match",
        "cause",
        decision.reason,
        "Add an installation that satisfies the request, or choose another VersionMatching.",
        "Deploy with a Python that the server has, or ask for a range of versions.",
        evidence,
    )
