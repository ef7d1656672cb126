"""What is known about an installation: its problems, what its own run said, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..frozen import frozen
from ..versions import PythonVersion, end_of_life

if TYPE_CHECKING:
    from datetime import date

    from ..matching import Candidate

Severity = Literal["unusable", "warning"]
Origin = Literal["distribution", "pyenv", "conda", "uv", "standalone", "source"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why an installation is unusable or unhealthy.

    code: a short name that a program can rely on, such as ``virtualenv-missing``.
    message: one sentence, raw text from outside included.
    remedy: the command or edit that cures it; None where there is none to give.
    command: the same as a command that pysteward runs itself, after asking; the installation's own
    interpreter first. None where that is not safe.
    """

    code: str
    message: str
    remedy: str | None
    severity: Severity
    command: tuple[str, ...] | None = None


@frozen
class Module:
    """A module of the standard library that cannot be loaded, and what the system says about it."""

    name: str
    because: str


@frozen
class ToolVersion:
    """pip or virtualenv as an installation has it.

    version: as its metadata says; ``unknown`` where it has none.
    requires_python: its metadata's Requires-Python (PEP 345); empty where it has none.
    directory: where the module lies.
    lacks: the distributions that it needs and that are not installed.
    """

    version: str
    requires_python: str
    directory: str
    lacks: tuple[str, ...] = ()


@frozen
class Interpreter:
    """What an interpreter said of itself when it was run.

    unicode: bytes of a character, 2 or 4: for 2.7 it decides which wheels fit (PEP 425).
    libc: such as ``glibc 2.36``; None where the interpreter cannot tell (2.7, musl).
    built_prefix: what it was configured with when it was built; None where that is not kept.
    is_moved: whether it lies elsewhere than it was built for, all links resolved.
    is_at_home: whether program and standard library lie below one prefix.
    libpython: the shared library it runs from; None for a static build.
    loads_from_elsewhere: whether that lies outside of its prefix.
    header_version: what its own patchlevel.h says; None without headers.
    """

    version: PythonVersion
    executable: str
    implementation: str
    machine: str
    bits: int
    unicode: int
    libc: str | None
    prefix: str
    base_prefix: str
    stdlib: str
    built_prefix: str | None
    built_prefix_is_there: bool
    is_relocatable: bool
    is_moved: bool
    is_at_home: bool
    is_conda: bool
    is_externally_managed: bool
    is_virtual_environment: bool
    libpython: str | None
    loads_from_elsewhere: bool
    header_version: str | None
    has_venv: bool
    pip: ToolVersion | None
    virtualenv: ToolVersion | None
    missing_modules: tuple[Module, ...]

    @property
    def origin(self) -> Origin:
        """Who put it there, as its place tells."""
        if self.is_conda:
            return "conda"
        if self.base_prefix in ("/usr", "/") or self.base_prefix.startswith("/opt/rh/"):
            return "distribution"
        if "/uv/python/" in f"{self.base_prefix}/":
            return "uv"
        if "/versions/" in self.base_prefix and "pyenv" in self.base_prefix:
            return "pyenv"
        return "standalone" if self.is_relocatable else "source"


@dataclass(frozen=True, slots=True)
class Installation:
    """One configured installation and its verdict.

    path: as it is written in the settings.
    executable: the interpreter as it is run; None where there is none.
    target: the same with every link resolved.
    version: None where it could not be found out.
    pip, virtualenv: their versions; None where they are not installed.
    venv: whether its own venv module can make an environment with pip in it.
    problems: in the order in which they matter.
    verified: whether this rests on a run of the interpreter (now, or earlier and still valid);
        False for what was only read from its files.
    interpreter: what that run said; None without one.
    """

    path: str
    executable: str | None = None
    target: str | None = None
    version: PythonVersion | None = None
    pip: str | None = None
    virtualenv: str | None = None
    venv: bool = False
    problems: tuple[Problem, ...] = ()
    verified: bool = False
    interpreter: Interpreter | None = None

    @property
    def usable(self) -> bool:
        """Whether it takes part in matching."""
        return self.version is not None and not self.reasons_against

    @property
    def reasons_against(self) -> tuple[Problem, ...]:
        """The problems that make it unusable."""
        return tuple(problem for problem in self.problems if problem.severity == "unusable")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "warning")

    @property
    def end_of_life(self) -> date | None:
        """The last day on which its line gets security fixes; None where that is not known."""
        return None if self.version is None else end_of_life(self.version)


@frozen
class Analysis:
    """The start-up analysis: the installations as they are configured, and its log.

    log: lines, each with its time; raw text from outside included.
    """

    installations: tuple[Installation, ...]
    log: tuple[str, ...]

    @property
    def is_usable(self) -> bool:
        """Whether every installation is."""
        return all(installation.usable for installation in self.installations)


def candidates(installations: Sequence[Installation]) -> tuple[Candidate, ...]:
    """Return the installations as matching sees them, in the same order."""
    from ..matching import Candidate

    return tuple(
        Candidate(
            installation.version,
            installation.executable or installation.path,
            _why_not(installation),
        )
        for installation in installations
    )


def _why_not(installation: Installation) -> str | None:
    if installation.usable:
        return None
    reasons = [problem.message for problem in installation.reasons_against]
    return " ".join(reasons) or "its version is not known"
