"""Find the installation that a request gets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..versions import PythonVersion
from .decision import Decision
from .model import Candidate, Policy, Request, Rule
from .rules import select

_MOST_KEPT = 4096
"""Answers kept: content asks for few distinct things, but standard input may ask for any number."""


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
        self._answers: dict[str, tuple[Candidate | None, Rule | None]] = {}

    def decide(self, request: Request) -> Decision:
        """Return the decision for one request; the same request always gets the same."""
        answer = self._answers.get(request.text)
        if answer is None:
            answer = self._find(request)
            if len(self._answers) < _MOST_KEPT:
                self._answers[request.text] = answer
        return Decision(request, self.policy, self.candidates, *answer)

    def _find(self, request: Request) -> tuple[Candidate | None, Rule | None]:
        found = select(request, self.policy, self._usable)
        return (None, None) if found is None else (self._usable[found[1]], found[0].name)
