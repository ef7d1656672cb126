"""Installations that a person switches on and off and adds to, to see what matching makes of them.

Pure; every change makes a new set.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..frozen import frozen
from .model import Candidate


@frozen
class SetEntry:
    """One installation of a set.

    path: as it is, or would be, configured; None for a hypothetical one.
    is_on: whether it takes part.
    is_added: whether it was added to those that there are.
    """

    candidate: Candidate
    path: str | None = None
    is_on: bool = True
    is_added: bool = False

    @property
    def key(self) -> str | None:
        """What the same installation has in another set; None for a hypothetical one."""
        return self.path or self.candidate.executable

    def as_candidate(self, why_off: str) -> Candidate:
        """Return it as matching sees it; `why_off` is why one that is off takes no part."""
        return self.candidate if self.is_on else replace(self.candidate, unusable=why_off)


@frozen
class InstallationSet:
    """entries: in the order of the settings, those added last."""

    entries: tuple[SetEntry, ...] = ()

    def candidates(self, why_off: str) -> tuple[Candidate, ...]:
        """Return all of them as matching sees them; `why_off`: see SetEntry.as_candidate."""
        return tuple(entry.as_candidate(why_off) for entry in self.entries)

    @property
    def real(self) -> tuple[SetEntry, ...]:
        return tuple(entry for entry in self.entries if not entry.is_added)

    @property
    def added(self) -> tuple[SetEntry, ...]:
        return tuple(entry for entry in self.entries if entry.is_added)

    @property
    def is_changed(self) -> bool:
        """Whether one was added and is on, or one that there is, is off."""
        return any(entry.is_on is entry.is_added for entry in self.entries)

    def switch(self, number: int) -> InstallationSet:
        """Switch one on or off. number: from 0."""
        switched = replace(self.entries[number], is_on=not self.entries[number].is_on)
        return InstallationSet((*self.entries[:number], switched, *self.entries[number + 1 :]))

    def switch_all(self, is_on: bool) -> InstallationSet:
        return InstallationSet(tuple(replace(entry, is_on=is_on) for entry in self.entries))

    def add(self, entries: Iterable[SetEntry]) -> InstallationSet:
        """Add more; one that is there already, by its key, is not added twice."""
        there = {entry.key for entry in self.entries} - {None}
        new = (replace(each, is_added=True) for each in entries if each.key not in there)
        return InstallationSet((*self.entries, *new))

    def remove(self, number: int) -> InstallationSet:
        """Remove one. number: from 0."""
        return InstallationSet(self.entries[:number] + self.entries[number + 1 :])

    def with_real(self, real: Iterable[SetEntry]) -> InstallationSet:
        """Return the same changes on other real installations: what was off stays off."""
        off = {entry.key for entry in self.real if not entry.is_on}
        now = tuple(replace(entry, is_on=entry.key not in off) for entry in real)
        there = {entry.key for entry in now} - {None}
        added = (entry for entry in self.added if entry.key not in there)
        return InstallationSet((*now, *added))
