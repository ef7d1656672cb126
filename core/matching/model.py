"""What matching works with: policies and their rules, installations, requests."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from ..errors import RequestError
from ..frozen import frozen
from ..versions import PythonVersion, unsupported

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet


class Policy(str, Enum):
    """How far from the requested version a match may be."""

    EXACT = "exact"
    MAJOR_MINOR = "major-minor"
    NEAREST = "nearest"

    @classmethod
    def parse(cls, text: str) -> Policy:
        """Return the policy of that name; case is ignored and empty means the default.

        Raises RequestError.
        """
        try:
            return cls(text.strip().lower()) if text.strip() else cls.MAJOR_MINOR
        except ValueError:
            names = ", ".join(policy.value for policy in cls)
            raise RequestError(f"unknown matching policy {text!r}; use one of {names}") from None


class Rule(str, Enum):
    """What made an installation the chosen one, in order of preference."""

    EXACT = "exact"
    LEAST_GREATER = "least-greater"
    LATEST = "latest"
    LEAST_GREATER_IN_MAJOR = "least-greater-in-major"
    LATEST_IN_MAJOR = "latest-in-major"
    HIGHEST_SATISFYING = "highest-satisfying"


class Verdict(str, Enum):
    """What became of one installation in a decision."""

    CHOSEN = "chosen"
    ELIGIBLE = "eligible"
    REJECTED = "rejected"
    UNUSABLE = "unusable"


@frozen
class Candidate:
    """An installation as matching sees it, real or hypothetical.

    version: None where analysis could not find it out.
    executable: the interpreter; None for a hypothetical installation.
    unusable: why it takes no part; None for a usable one.
    """

    version: PythonVersion | None
    executable: str | None = None
    unusable: str | None = None


def hypothetical(version: PythonVersion) -> Candidate:
    """Return an installation that does not exist; below the supported minimum it takes no part
    either."""
    return Candidate(version, None, unsupported(version))


@frozen
class Request:
    """What content asks for: exactly one of the two is given.

    text: as it was written.
    """

    text: str
    version: PythonVersion | None = None
    constraint: SpecifierSet | None = None
