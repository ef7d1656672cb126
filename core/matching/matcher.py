"""Finds the installation that a request gets."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ..versions import PythonVersion
from .decision import Decision
from .model import (
    Candidate,
    Policy,
    Request,
    Rule,
)
from .requests import names_prerelease

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version


def match(request: Request, candidates: Sequence[Candidate], policy: Policy) -> Decision:
    """Decide one request. For many against the same installations, keep a Matcher."""
    return Matcher(candidates, policy).decide(request)


class Matcher:
    """Decides requests against one set of installations under one policy."""

    def __init__(self, candidates: Iterable[Candidate], policy: Policy) -> None:
        self.candidates = tuple(candidates)
        self.policy = policy
        # The first configured of each version: where two have the same, that one is taken.
        self._usable: dict[PythonVersion, Candidate] = {}
        for candidate in self.candidates:
            if candidate.version is not None and candidate.unusable is None:
                self._usable.setdefault(candidate.version, candidate)
        finals = sorted(version for version in self._usable if not version.is_prerelease)
        self._finals = finals
        self._keys = [(v.major, v.minor, v.patch) for v in finals]
        self._by_constraint: dict[str, Candidate | None] = {}

    @cached_property
    def _highest_first(self) -> list[tuple[Version, Candidate]]:
        from packaging.version import Version

        descending = sorted(self._usable, reverse=True)
        return [(Version(str(version)), self._usable[version]) for version in descending]

    def decide(self, request: Request) -> Decision:
        """The decision for one request; the same request always gets the same."""
        if request.constraint is not None:
            selected, rule = self._highest_satisfying(request.text, request.constraint)
        elif request.version is not None:
            selected, rule = self._nearest(request.version)
        else:
            raise ValueError("a request is a version or a constraint")
        return Decision(request, self.policy, self.candidates, selected, rule)

    def _highest_satisfying(
        self, text: str, constraint: SpecifierSet
    ) -> tuple[Candidate | None, Rule | None]:
        if text not in self._by_constraint:
            prereleases = names_prerelease(constraint)
            satisfying = (
                candidate
                for version, candidate in self._highest_first
                if constraint.contains(version, prereleases=prereleases)
            )
            self._by_constraint[text] = next(satisfying, None)
        selected = self._by_constraint[text]
        return selected, None if selected is None else Rule.HIGHEST_SATISFYING

    def _nearest(self, wanted: PythonVersion) -> tuple[Candidate | None, Rule | None]:
        exact = self._usable.get(wanted)
        if exact is not None:
            return exact, Rule.EXACT
        if self.policy is Policy.EXACT:
            return None, None
        keys, major, minor = self._keys, wanted.major, wanted.minor
        key = (major, minor, wanted.patch)
        # A pre-release lies below its final, which then counts as above it.
        above = bisect_left(keys, key) if wanted.is_prerelease else bisect_right(keys, key)
        below = bisect_left(keys, key) - 1
        if above < len(keys) and keys[above][:2] == (major, minor):
            return self._usable[self._finals[above]], Rule.LEAST_GREATER
        if below >= 0 and keys[below][:2] == (major, minor):
            return self._usable[self._finals[below]], Rule.LATEST
        if self.policy is Policy.NEAREST:
            if above < len(keys) and keys[above][0] == major:
                return self._usable[self._finals[above]], Rule.LEAST_GREATER_IN_MAJOR
            if below >= 0 and keys[below][0] == major:
                return self._usable[self._finals[below]], Rule.LATEST_IN_MAJOR
        return None, None


def matches_by_policy(request: Request, candidates: Sequence[Candidate]) -> dict[Policy, Candidate]:
    """What each policy would choose; a policy under which nothing matches is left out."""
    decisions = (match(request, candidates, policy) for policy in Policy)
    return {d.policy: d.selected for d in decisions if d.selected is not None}
