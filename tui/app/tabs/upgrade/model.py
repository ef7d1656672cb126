"""The change that somebody tries out on the screen of upgrades.

Pure; every change makes a new one. What it does to content is `core.upgrades`' to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .....core.frozen import frozen
from .....core.matching import Policy
from ....services.proposal import Installed, Proposal, propose


@frozen
class Option:
    """One installation, which there is or would be.

    is_on: whether it will be there. is_added: whether it would be new.
    """

    installed: Installed
    is_on: bool = True
    is_added: bool = False


@frozen
class UpgradeDraft:
    """options: in the order of the settings, new ones last. today: the policy in force."""

    options: tuple[Option, ...] = ()
    today: Policy = Policy.MAJOR_MINOR
    policy: Policy = Policy.MAJOR_MINOR

    @property
    def what_if(self) -> Proposal:
        real = [option for option in self.options if not option.is_added]
        return propose(
            [option.installed for option in real],
            self.today,
            add=[option.installed for option in self.options if option.is_added and option.is_on],
            remove=[option.installed for option in real if not option.is_on],
            matching=self.policy,
        )

    @property
    def changes_anything(self) -> bool:
        return self.policy is not self.today or any(
            option.is_on is option.is_added for option in self.options
        )

    def under(self, policy: Policy) -> UpgradeDraft:
        return replace(self, policy=policy)

    def switched(self, number: int) -> UpgradeDraft:
        """One installation retired or kept, or a new one left out."""
        options = list(self.options)
        options[number] = replace(options[number], is_on=not options[number].is_on)
        return replace(self, options=tuple(options))

    def with_added(self, added: Iterable[Installed]) -> UpgradeDraft:
        """More installations; one that is there already is not there twice."""
        there = {option.installed.path for option in self.options} - {None}
        new = tuple(Option(each, is_added=True) for each in added if each.path not in there)
        return replace(self, options=self.options + new)

    def without(self, number: int) -> UpgradeDraft:
        return replace(self, options=self.options[:number] + self.options[number + 1 :])

    def on(self, real: Iterable[Installed], policy: Policy) -> UpgradeDraft:
        """The same change on installations and a policy that are others now."""
        off = {each.installed.path for each in self.options if not each.is_on and not each.is_added}
        options = tuple(Option(each, is_on=each.path not in off) for each in real)
        there = {option.installed.path for option in options}
        added = tuple(
            option
            for option in self.options
            if option.is_added
            and (option.installed.path is None or option.installed.path not in there)
        )
        kept = policy if self.policy is self.today else self.policy
        return UpgradeDraft(options + added, policy, kept)

    def back_to_today(self) -> UpgradeDraft:
        """Without any change."""
        real = tuple(replace(option, is_on=True) for option in self.options if not option.is_added)
        return UpgradeDraft(real, self.today, self.today)
