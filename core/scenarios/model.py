"""What a scenario is, and what comes out of it."""

from __future__ import annotations

from ..frozen import frozen
from ..matching import (
    Candidate,
    Decision,
    Matcher,
    Policy,
    hypothetical,
    parse_request,
)
from ..versions import PythonVersion

NO_MATCH = "none"
"""What a request expects that is meant to have no match."""


@frozen
class ScenarioInstallation:
    """An installation that exists nowhere but in the scenario.

    on: whether it takes part; the audience may switch it.
    executable: a path to show, as if it were real.
    unusable: why it takes no part although it is on, as start-up analysis would say it.
    notes: for the audience.
    """

    version: PythonVersion
    on: bool = True
    executable: str | None = None
    unusable: str | None = None
    notes: str = ""

    @property
    def candidate(self) -> Candidate:
        """As matching sees it."""
        usual = hypothetical(self.version)
        reason = "switched off" if not self.on else self.unusable or usual.unusable
        return Candidate(self.version, self.executable, reason)


@frozen
class ScenarioRequest:
    """A request that is put to the installations.

    text: a version or a constraint, as content would give it.
    expected: the version that should be chosen, or NO_MATCH; None where nothing is claimed.
    notes: for the audience, to be shown with the answer.
    """

    text: str
    expected: str | None = None
    notes: str = ""

    def agrees(self, decision: Decision) -> bool | None:
        """Return whether the decision is the expected one; None where nothing was expected."""
        if self.expected is None:
            return None
        selected = decision.selected
        return (str(selected.version) if selected else NO_MATCH) == self.expected


@frozen
class Scenario:
    """Hypothetical installations and requests, with a policy and notes for the audience.

    name: what the command line calls it; the file's name without ``.toml``.
    """

    title: str
    notes: str = ""
    policy: Policy = Policy.MAJOR_MINOR
    installations: tuple[ScenarioInstallation, ...] = ()
    requests: tuple[ScenarioRequest, ...] = ()
    name: str = ""

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The installations as matching sees them, in their order; those switched off as such."""
        return tuple(installation.candidate for installation in self.installations)


def play(scenario: Scenario) -> tuple[Decision, ...]:
    """Decide every request of a scenario, in order. Raises RequestError for one that is none."""
    matcher = Matcher(scenario.candidates, scenario.policy)
    return tuple(matcher.decide(parse_request(request.text)) for request in scenario.requests)
