"""Makes one environment, at its final path, from nothing to complete."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .results import Failed, Made
from .spec import EnvironmentSpec
from .steps import Steps


def make(
    spec: EnvironmentSpec,
    path: Path,
    steps: Steps,
    *,
    work: Path,
    cache: Path,
    pip_log: Path,
    bundle: Path | None = None,
    build_environment: Mapping[str, str] | None = None,
    run_as: str | None = None,
    prohibited: tuple[str, ...] = (),
) -> Made | Failed:
    """Make the environment; whoever calls holds its lock (`hold`).

    spec: what to make. path: where, see `location`; what lies there is cleared first.
    work: an existing folder of this build, for its HOME and temporary files; the caller removes it.
    cache: a folder that builds share: pip's and uv's downloads, virtualenv's seed.
    pip_log: where pip writes all that it knows, passwords included (old pips): it is made readable
        for its owner only, and the caller masks it before anything else reads it.
    bundle: the folder that relative paths in the requirements start from.
    build_environment: the setting of that name. run_as: the user of `Steps.run`, where that is
        another; the finished environment is not writable for it.
    prohibited: names that are reported if they came in as a dependency.

    Whatever `steps` raises passes through. Nothing is complete but what `Made` is returned for.
    """
    raise NotImplementedError
