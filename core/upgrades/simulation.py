"""What would move: content, before and after a change of installations or of the policy.

Pure. Content that is deployed keeps its installation as long as that is usable; only when it is
gone is the content matched again (section 5 of the design). Content that is not deployed yet, a
bundle or a bare request, is matched on both sides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from ..frozen import frozen
from ..matching import (
    Candidate,
    Decision,
    Matcher,
    Request,
)
from ..versions import PythonVersion


class Effect(str, Enum):
    """What a change of installations does to one piece of content."""

    KEEPS = "keeps"
    """It stays on the Python that it has, or would get today."""
    MOVES = "moves"
    """It gets another Python."""
    FAILS = "fails"
    """It has a Python today, and nothing matches any more."""
    GAINS = "gains"
    """Nothing matches today, and something will."""
    UNMATCHED = "unmatched"
    """Nothing matches, before and after."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that needs a Python.

    name: content's name, a bundle's path, or the request itself.
    request: what it asks for.
    kept: the installation that was chosen when it was deployed; None for what is not deployed.
    is_assumed: whether what it asks for was not read, so that the version it has stands for it.
    """

    name: str
    request: Request
    kept: Candidate | None = None
    is_assumed: bool = False


_ASSUMED = "Its bundle was not read, so the Python that it has stands for what it asks for."


@dataclass(frozen=True, slots=True)
class ContentChange:
    """One subject's way through the change.

    before: the installation it has, or would get, today.
    after: the one it will have; for deployed content that stays, the same.
    decision: the matching in the changed set; for deployed content that stays it says what a new
        deploy would get.
    """

    subject: Subject
    fate: Effect
    before: Candidate | None
    after: Candidate | None
    decision: Decision

    @property
    def why(self) -> str:
        """One sentence: the rule that moves it, or what would fix that nothing matches."""
        if self.fate is Effect.KEEPS and self.subject.kept is not None:
            return "deployed content keeps its installation while that is usable"
        if self.subject.is_assumed:
            return f"{self.decision.reason.rstrip('.')}. {_ASSUMED}"
        return self.decision.reason


@frozen
class UpgradeSimulation:
    """What a change does to all subjects, in their order."""

    before: Matcher
    after: Matcher
    changes: tuple[ContentChange, ...]

    @property
    def counts(self) -> dict[Effect, int]:
        """How many subjects meet each fate; every fate is there."""
        counted = Counter(change.fate for change in self.changes)
        return {fate: counted[fate] for fate in Effect}

    @property
    def moves(self) -> dict[tuple[str, str], int]:
        """How many move from which version to which, the most frequent first."""
        counted = Counter(
            (
                str(change.before and change.before.version),
                str(change.after and change.after.version),
            )
            for change in self.changes
            if change.fate is Effect.MOVES
        )
        return dict(counted.most_common())


def simulate(subjects: Iterable[Subject], before: Matcher, after: Matcher) -> UpgradeSimulation:
    """Take every subject through the change."""
    present = {_identity(c): c for c in reversed(after.candidates) if c.unusable is None}
    # Content asks for few distinct things, on few distinct Pythons: each is decided once.
    decided: dict[tuple[str, int], _Way] = {}
    changes: list[ContentChange] = []
    for subject in subjects:
        key = (subject.request.text, id(subject.kept))
        way = decided.get(key)
        if way is None:
            today, tomorrow = (matcher.decide(subject.request) for matcher in (before, after))
            way = decided[key] = _way(subject.kept, today, tomorrow, present)
        changes.append(ContentChange(subject, way.fate, way.before, way.after, way.decision))
    return UpgradeSimulation(before, after, tuple(changes))


def changed(
    candidates: Sequence[Candidate],
    add: Sequence[Candidate] = (),
    remove: Collection[PythonVersion] = (),
) -> tuple[Candidate, ...]:
    """Return the installations without those versions and with the added ones behind them."""
    return (*(c for c in candidates if c.version not in remove), *add)


class _Way(NamedTuple):
    """What a change is for all subjects with one request and one Python.

    kept: held here, so that no other object gets its identity meanwhile.
    """

    kept: Candidate | None
    fate: Effect
    before: Candidate | None
    after: Candidate | None
    decision: Decision


def _way(
    kept: Candidate | None,
    today: Decision,
    tomorrow: Decision,
    present: dict[tuple[PythonVersion | None, str | None], Candidate],
) -> _Way:
    before = kept or today.selected
    after = (kept and present.get(_identity(kept))) or tomorrow.selected
    return _Way(kept, _fate(before, after), before, after, tomorrow)


def _fate(before: Candidate | None, after: Candidate | None) -> Effect:
    if before is None:
        return Effect.UNMATCHED if after is None else Effect.GAINS
    if after is None:
        return Effect.FAILS
    return Effect.KEEPS if _identity(before) == _identity(after) else Effect.MOVES


def _identity(candidate: Candidate) -> tuple[PythonVersion | None, str | None]:
    """Return an installation whose patch level changed in place is another one."""
    return (candidate.version, candidate.executable)
