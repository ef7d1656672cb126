"""How long a build may take, from an earlier build of the same packages."""

from __future__ import annotations

from pathlib import Path

from ..errors import StateError
from ..frozen import frozen
from ..times import seconds_of
from .listing import list_builds, show
from .model import Build


@frozen
class Estimate:
    """What an earlier build needed. seconds: from its start to its end. packages: in the result."""

    seconds: float
    packages: int


def estimate_of(state_dir: Path, build: Build) -> Estimate | None:
    """Return what the newest successful build of the same environment needed, or else of the same
    content; None where there is none, and for a run, which builds nothing. Raises: StateError."""
    if build.is_run:
        return None
    environment = build.environment.id if build.environment is not None else None
    made = [
        row
        for row in list_builds(state_dir)
        if row.outcome == "succeeded" and not row.reused and row.finished and row.id != build.id
    ]
    same = [row for row in made if environment is not None and row.environment == environment]
    for row in [*same, *(row for row in made if row.content == build.content)]:
        try:
            seconds = seconds_of(row.finished or "") - seconds_of(row.started)
            packages = len(show(state_dir, row.id).packages)
        except (StateError, ValueError):
            continue
        if seconds > 0 and packages:
            return Estimate(seconds, packages)
    return None
