"""Findings in a bundle, before anything is built from it.

Each check is a small generator over one opened bundle; a cause is what a build would fail for, a
warning what it would get through with something missing or otherwise than its author thinks. A new
check is written into the module of its kind and listed in ``_CHECKS``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from ...bundles import open_bundle
from ...errors import BundleError
from ...findings import Finding
from ..model import Diagnosis
from . import files, python, requirements, wheels
from .check import BundleCheck, Server, from_error

__all__ = ["Diagnosis", "Finding", "Server", "diagnose_bundle"]

_CHECKS: tuple[Callable[[BundleCheck], Iterator[Finding]], ...] = (
    python.enabled,
    python.found,
    requirements.readable,
    requirements.portable,
    requirements.pins_agree,
    requirements.hashes_complete,
    requirements.prohibited_left_out,
    requirements.own_index,
    wheels.fit,
    files.agree,
)


def diagnose_bundle(path: str | Path, server: Server) -> Diagnosis:
    """Everything that can be said of a bundle without building it, causes first.

    That a bundle has no cause does not say that its build succeeds: its outcome is then
    ``unknown``. Raises BundleError only where there is nothing to open at that path.
    """
    try:
        bundle = open_bundle(path)
    except BundleError as problem:
        if not Path(path).exists():
            raise
        return Diagnosis("failed", (from_error(problem, str(path)),))
    case = BundleCheck(bundle, server)
    found = [finding for check in _CHECKS for finding in check(case)]
    causes = [finding for finding in found if finding.role == "cause"]
    warnings = [finding for finding in found if finding.role == "warning"]
    return Diagnosis("failed" if causes else "unknown", (*causes, *warnings))
