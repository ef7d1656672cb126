"""Requests as they are written, and which versions satisfy a constraint.

packaging is imported when the first constraint is met: most requests are plain versions.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ..errors import RequestError
from ..versions import PythonVersion
from .model import Request

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

NO_PYTHON = "no Python"
"""What lists and records say in place of a request for content that needs no Python."""

_LONGEST = 1000  # characters of a constraint; int() refuses numbers of more than 4,300 digits


def parse_request(text: str) -> Request:
    """Return a version (``3.7.1``, ``3.7``, ``3.9.2+``) or a PEP 440 specifier (``>=3.8,<3.11``).

    Raises RequestError, which says what to write instead.
    """
    stripped = text.strip()
    if stripped[:1] in "<>=!~" and stripped:
        return Request(text, constraint=parse_constraint(text))
    try:
        return Request(text, version=PythonVersion.parse(stripped))
    except RequestError:
        hint = f" (or {_with_operator(stripped)})" if stripped[:1].isdigit() else ""
        raise RequestError(
            f"{text!r} is neither a Python version nor a constraint: "
            f"write MAJOR.MINOR.PATCH{hint}, or a constraint such as >=3.8,<3.11"
        ) from None


def parse_constraint(text: str) -> SpecifierSet:
    """Return a PEP 440 specifier set. Raises RequestError, also for an empty one."""
    from packaging.specifiers import InvalidSpecifier

    if len(text) > _LONGEST:
        raise RequestError(
            f"{text[:40]!r} and {len(text) - 40:,} more characters are not a version constraint: "
            "write one such as >=3.8,<3.11",
            code="constraint-invalid",
        )
    try:
        constraint = _specifiers(text)
    except InvalidSpecifier:
        hint = (
            f"; did you mean {_with_operator(text.strip())}?" if text.strip()[:1].isdigit() else ""
        )
        raise RequestError(
            f"{text!r} is not a version constraint (PEP 440, such as >=3.8,<3.11){hint}",
            code="constraint-invalid",
        ) from None
    if not len(constraint):
        raise RequestError("an empty version constraint: write one such as >=3.8,<3.11")
    return constraint


def satisfies(constraint: SpecifierSet, version: PythonVersion) -> bool:
    """Return whether a version satisfies a constraint.

    A pre-release does only where the constraint itself names one; packaging is told so each time,
    because what it does unasked depends on its release.
    """
    return constraint.contains(str(version), prereleases=names_prerelease(constraint))


def names_prerelease(constraint: SpecifierSet) -> bool:
    """Return whether a constraint asks for a pre-release."""
    # `!=3.13.0rc1` asks for no pre-release; packaging judges so too.
    return any(
        specifier.operator != "!=" and bool(specifier.prereleases) for specifier in constraint
    )


@lru_cache(maxsize=4096)
def _specifiers(text: str) -> SpecifierSet:
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(text)


def _with_operator(text: str) -> str:
    """Return what a user who wrote a bare version as a constraint most likely meant."""
    numbers = text.rstrip("+").split(".")
    if all(number.isdigit() for number in numbers) and len(numbers) > 2:
        return f"=={text}"
    return f"=={text.rstrip('.*x')}.*"
