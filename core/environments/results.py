"""How the making of an environment ends."""

from __future__ import annotations

from pathlib import Path

from ..findings import Finding
from ..frozen import frozen
from .marker import Marker


@frozen
class EnvironmentBuilt:
    """The environment is complete. It works, whatever the findings say.

    findings: warnings about what does not fit: ``dependency-conflict``, ``requires-python``,
        ``duplicate-package``, ``incomplete-package`` or ``prohibited-dependency``.
    packages: name and version of each, as in `marker`, sorted by name.
    lock: the text of its ``pylock.toml``.
    """

    path: Path
    marker: Marker
    findings: tuple[Finding, ...]
    lock: str = ""

    @property
    def packages(self) -> tuple[tuple[str, str], ...]:
        return self.marker.packages


@frozen
class EnvironmentFailed:
    """There is not an environment; what lies there is incomplete and cleared by the next build.

    step: ``prepare``, ``create``, ``prove``, ``install`` or ``inventory``.
    code: a short name: ``creation-failed``, ``environment-broken``, ``installation-failed``,
        ``lock-not-installable``, ``no-space``, ``not-permitted``, ``interpreter-cannot-start``.
    message: one sentence. status: the exit status of the step's program, negative for a signal;
        None where no program ran.
    findings: why; empty where the log is to be diagnosed.
    """

    step: str
    code: str
    message: str
    status: int | None = None
    findings: tuple[Finding, ...] = ()
