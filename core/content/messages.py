"""What a deployment says: warnings beforehand, the first line of its log, why nothing matches."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..builds import Build, BuildResult
from ..errors import StateError
from ..findings import Evidence
from ..matching import unmatched_finding
from ..server import BUILDS_AS_ROOT, Server
from ..state import write_whole

if TYPE_CHECKING:
    from ..bundles import Bundle, Manifest
    from ..installations import Installation
    from ..matching import Decision

_DAY = 24 * 3600


def warnings(server: Server, bundle: Bundle, about_python: str | None) -> Iterator[str]:
    """Yield what may not be as expected, before anything is built.

    about_python: what the choice of the Python has to say; None for nothing.
    """
    from ..builds import logout_warning

    if about_python is not None:
        yield about_python
    yield from bundle.warnings
    if server.builds_as_root and _is_due(server.state_dir / "warned-of-root"):
        yield BUILDS_AS_ROOT
    ends_at_logout = logout_warning()
    if ends_at_logout is not None:
        yield ends_at_logout


def warnings_without_python(bundle: Bundle) -> Iterator[str]:
    """Yield the same for content that needs no Python."""
    yield from bundle.warnings
    if bundle.manifest.uses_reticulate:
        yield (
            "reticulate is among the R packages, but no file uses it: "
            "this content is deployed without Python"
        )


def _is_due(stamp: Path) -> bool:
    """Whether a warning was not given for a day; the file's time says when it was."""
    with suppress(OSError):
        if time.time() - stamp.stat().st_mtime < _DAY:
            return False
    with suppress(OSError, StateError):
        write_whole(stamp, b"")
    return True


def requested(manifest: Manifest, request: str) -> str:
    """Return a request as Connect words it: the author's version, and a constraint behind it."""
    version = manifest.python_version
    if manifest.python_requires is None or version is None:
        return request
    return f"{version} ({request})"


def chosen(build: Build) -> str:
    if build.python is None:
        return "no installation matches"
    return f"using {build.python.executable} which has version {build.python.version}"


def no_match(decision: Decision, installations: Sequence[Installation], line: int) -> BuildResult:
    """line: of the log, where its reason stands."""
    said = f"pysteward: {decision.reason}"
    finding = unmatched_finding(
        decision, (Evidence("log", line, said),), remedy=_remedy(decision, installations)
    )
    return BuildResult("failed", (said,), findings=(finding,))


def _remedy(decision: Decision, installations: Sequence[Installation]) -> str | None:
    """Return what an administrator can do here and now: about the installation that would match, or
    with the Pythons of this machine."""
    if not decision.candidates:
        from ..installations import discover, offer

        return offer(discover(os.environ))
    unusable = decision.unusable_match
    if unusable is None:
        return None
    for each in installations:
        if (each.executable or each.path) == unusable.executable:
            remedies = [problem.remedy for problem in each.reasons_against if problem.remedy]
            return f"Make that Python usable: {remedies[0]}" if remedies else None
    return None
