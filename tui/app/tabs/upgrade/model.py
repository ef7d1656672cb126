"""The draft of an upgrade, as the Upgrade tab edits it. Pure; each edit makes a new draft."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .....core.frozen import frozen
from .....core.matching import InstallationSet, Policy, SetEntry
from .....core.upgrades import Proposal, propose


@frozen
class UpgradeDraft:
    """installations: one that is off is retired, or not added. today: the active policy."""

    installations: InstallationSet = InstallationSet()
    today: Policy = Policy.MAJOR_MINOR
    policy: Policy = Policy.MAJOR_MINOR

    @property
    def entries(self) -> tuple[SetEntry, ...]:
        return self.installations.entries

    @property
    def proposal(self) -> Proposal:
        return propose(
            self.installations.real,
            self.today,
            add=[entry for entry in self.installations.added if entry.is_on],
            remove=[entry for entry in self.installations.real if not entry.is_on],
            matching=self.policy,
        )

    @property
    def changes_anything(self) -> bool:
        return self.policy is not self.today or self.installations.is_changed

    def under(self, policy: Policy) -> UpgradeDraft:
        return replace(self, policy=policy)

    def switched(self, number: int) -> UpgradeDraft:
        """Return one installation retired or kept, or a new one left out."""
        return self._with(self.installations.switch(number))

    def with_added(self, added: Iterable[SetEntry]) -> UpgradeDraft:
        """More installations; one that is there already is not there twice."""
        return self._with(self.installations.add(added))

    def without(self, number: int) -> UpgradeDraft:
        return self._with(self.installations.remove(number))

    def on(self, real: Iterable[SetEntry], policy: Policy) -> UpgradeDraft:
        """Return the same change on installations and a policy that are others now."""
        kept = policy if self.policy is self.today else self.policy
        return UpgradeDraft(self.installations.with_real(real), policy, kept)

    def back_to_today(self) -> UpgradeDraft:
        """Without any change."""
        real = InstallationSet(self.installations.real).switch_all(True)
        return UpgradeDraft(real, self.today, self.today)

    def _with(self, installations: InstallationSet) -> UpgradeDraft:
        return replace(self, installations=installations)
