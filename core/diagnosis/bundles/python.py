"""Whether the server has a Python for the bundle, and the one that its author means."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...bundles import Bundle, request_of
from ...errors import BundleError
from ...findings import Finding
from ...matching import Request, match, unmatched_finding
from .check import BundleCheck, from_error, manifest_evidence


def enabled(case: BundleCheck) -> Iterator[Finding]:
    if not case.server.enabled and case.bundle.needs_python:
        yield Finding(
            "python-disabled",
            "cause",
            "Python support is switched off in the settings of this server.",
            "Set Enabled = true in [Python] and reload the settings.",
            "Ask the administrator to enable Python.",
            (),
        )


def found(case: BundleCheck) -> Iterator[Finding]:
    if not case.bundle.needs_python:
        if case.bundle.manifest.uses_reticulate:
            yield Finding(
                "reticulate-unused",
                "warning",
                "reticulate is among the R packages, but no file of the bundle uses it.",
                "Nothing: it came with another package, and the content runs without Python.",
                "If the content does call Python, deploy it with RETICULATE_PYTHON set.",
                manifest_evidence(case.bundle, "reticulate"),
            )
        return
    try:
        wanted = request_of(case.bundle)
    except BundleError as problem:
        yield from_error(problem, "manifest.json")
        return
    decision = match(wanted, case.server.candidates, case.server.policy)
    if decision.selected is None:
        yield unmatched_finding(decision, manifest_evidence(case.bundle, wanted.text))
    yield from _wider_than_meant(case.bundle, wanted)


_COMPATIBLE_MINOR = re.compile(r"~=\s{0,9}([0-9]{1,3})\.([0-9]{1,3})(?![0-9.])")


def _wider_than_meant(bundle: Bundle, wanted: Request) -> Iterator[Finding]:
    """PEP 440: ``~=3.11`` is ``>=3.11, ==3.*``; for the patch releases of 3.11 it is ~=3.11.0."""
    found = _COMPATIBLE_MINOR.search(wanted.text) if wanted.constraint is not None else None
    if found is None:
        return
    major, minor = found[1], int(found[2])
    wider = f"{major}.{minor + 1}"
    if wanted.constraint is None or not wanted.constraint.contains(f"{wider}.0"):
        return
    yield Finding(
        "constraint-wider-than-meant",
        "warning",
        f"{wanted.text} also admits {wider} and everything later below {int(major) + 1}.",
        "Nothing is broken: the highest installation that satisfies it is taken. Where that is not "
        "the Python that was meant, have the author narrow the constraint.",
        f"Write ~={major}.{minor}.0 if only {major}.{minor}.x is meant.",
        manifest_evidence(bundle, wanted.text),
    )
