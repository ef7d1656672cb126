"""Judge content by its bundle, against the Pythons of its server."""

from __future__ import annotations

import signal
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


def with_exit_code(diagnosis: Diagnosis, exit_code: int | None) -> Diagnosis:
    """Return a diagnosis of a log, with what the exit code tells where the log is silent.

    Source: POSIX shells report 128 + N for signal N; Linux sends SIGKILL where memory runs out.
    """
    cause = diagnosis.cause
    if exit_code not in _KILLED or (cause is not None and cause.code != "unknown"):
        return diagnosis
    finding = Finding(
        "out-of-memory",
        "cause",
        "The process was killed by SIGKILL, and its log says nothing of it: most often the server "
        "or a limit of memory did that.",
        "Look in the server's journal (`journalctl -k`) at that time; raise the limit of memory, "
        "or give the content fewer processes.",
        "Let the content load less at once.",
        (),
    )
    others = tuple(found for found in diagnosis.findings if found.role != "cause")
    return Diagnosis("failed", (finding, *others))


def exit_words(exit_code: int) -> str:
    """Return an exit code in words: `exit code 139 (SIGSEGV)`."""
    number = exit_code - 128 if exit_code > 128 else -exit_code
    try:
        return f"exit code {exit_code} ({signal.Signals(number).name})"
    except ValueError:
        return f"exit code {exit_code}"


_KILLED = (128 + signal.SIGKILL, -signal.SIGKILL)


def judge_error(problem: BundleError) -> Diagnosis:
    """Return a bundle that cannot be read at all."""
    finding = Finding(
        "bundle-invalid",
        "cause",
        f"The bundle cannot be used: {mask_secrets(problem.message)}.",
        "Send this to the author of the content: the bundle is to be corrected and deployed again.",
        "Correct it and deploy again.",
        (),
    )
    return Diagnosis("failed", (finding,))
