"""What is known when a build ends, before it is written down."""

from __future__ import annotations

from collections.abc import Sequence

from ..findings import Finding
from ..frozen import frozen
from .events import BuildOutcome
from .model import Build


@frozen
class BuildResult:
    """How a build ended.

    lines: the last ones of the log. packages: of the environment, None where there is none.
    findings: of a failed build without any, they are read from its log.
    installer: who has installed a new environment; None where none was made.
    """

    outcome: BuildOutcome
    lines: tuple[str, ...]
    reused: bool = False
    packages: tuple[tuple[str, str], ...] | None = None
    findings: tuple[Finding, ...] = ()
    installer: str | None = None


def completed(build: Build, packages: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The last lines of the log of a build that has succeeded, as RStudio Connect has them."""
    listed = ", ".join(f"{name}=={version}" for name, version in packages)
    version = build.python.version if build.python else ""
    return (
        f"Packages in the environment: {listed}",
        f"Completed Python build against Python version: '{version}'",
    )
