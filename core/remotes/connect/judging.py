"""Judge content by its bundle, against the Pythons of its server."""

from __future__ import annotations

from pathlib import Path

from ...diagnosis import Diagnosis
from ...diagnosis.bundles import Server, diagnose_bundle
from ...errors import BundleError
from ...findings import Finding
from ...matching import Candidate, Policy
from ...secrets import mask_secrets


def judge_bundle(path: Path, candidates: tuple[Candidate, ...], policy: Policy) -> Diagnosis:
    """Return what speaks against a bundle on a server with these Pythons.

    path: the bundle, or its manifest and requirements alone. Raises BundleError.
    """
    return diagnose_bundle(path, Server(candidates, policy))


def judge_request(path: Path, candidates: tuple[Candidate, ...], policy: Policy) -> Diagnosis:
    """Return the same of a manifest and requirements alone, whose other files are not there."""
    found = judge_bundle(path, candidates, policy)
    findings = tuple(finding for finding in found.findings if finding.code != "bundle-checksum")
    has_cause = any(finding.role == "cause" for finding in findings)
    return Diagnosis("failed" if has_cause else "unknown", findings)


def judge_error(problem: BundleError) -> Diagnosis:
    """Return a bundle that cannot be read at all."""
    finding = Finding(
        "bundle-invalid",
        "cause",
        f"The bundle cannot be used: {mask_secrets(problem.message)}.",
        "Have the content deployed again from a sound bundle.",
        "Correct it and deploy again.",
        (),
    )
    return Diagnosis("failed", (finding,))
