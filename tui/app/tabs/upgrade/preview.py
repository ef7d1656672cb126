"""The effects of an upgrade draft on all content. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from .....core.frozen import frozen
from .....core.matching import Candidate
from .....core.upgrades import (
    ContentChange,
    Effect,
    Subject,
    UpgradeSimulation,
    simulate,
)
from .model import UpgradeDraft


@frozen
class UpgradePreview:
    """The effects of a draft.

    subjects: the deployed content. changes: by the name of the content.
    before, after: how much content has each option, by the option's position.
    builds: whether some content would be built: it gets another Python, or its first.
    """

    draft: UpgradeDraft
    subjects: Sequence[Subject]
    simulation: UpgradeSimulation
    changes: dict[str, ContentChange]
    before: Counter[int]
    after: Counter[int]
    builds: bool


def preview(draft: UpgradeDraft, subjects: Sequence[Subject]) -> UpgradePreview:
    """Simulate the change for all content; 100,000 items take a third of a second."""
    proposal = draft.proposal
    simulation = simulate(subjects, proposal.before, proposal.after)
    place = _Places(draft)
    before: Counter[int] = Counter()
    after: Counter[int] = Counter()
    for change in simulation.changes:
        for used, candidate in ((before, change.before), (after, change.after)):
            number = None if candidate is None else place.of(candidate)
            if number is not None:
                used[number] += 1
    return UpgradePreview(
        draft,
        subjects,
        simulation,
        {change.subject.name: change for change in simulation.changes},
        before,
        after,
        any(map(_is_built, simulation.changes)),
    )


def _is_built(change: ContentChange) -> bool:
    """Also content that gains a Python although nothing is changed."""
    stays = change.fate is Effect.KEEPS and change.subject.kept is not None
    return change.after is not None and not stays


class _Places:
    """Finds the option of a candidate: the same object, else the first of its version and path."""

    def __init__(self, draft: UpgradeDraft) -> None:
        candidates = [option.candidate for option in draft.entries]
        self._same = {id(candidate): number for number, candidate in enumerate(candidates)}
        self._alike: dict[tuple[object, str | None], int] = {}
        for number, candidate in enumerate(candidates):
            if candidate.executable is not None:
                self._alike.setdefault((candidate.version, candidate.executable), number)

    def of(self, candidate: Candidate) -> int | None:
        number = self._same.get(id(candidate))
        if number is None:
            return self._alike.get((candidate.version, candidate.executable))
        return number
