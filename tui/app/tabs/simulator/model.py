"""What the simulator works on: installations switched on and off, a policy, a request.

Pure; every change makes a new one. The decisions are `core.matching`'s.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .....core.errors import RequestError
from .....core.frozen import frozen
from .....core.matching import (
    Candidate,
    Decision,
    Matcher,
    Policy,
    hypothetical,
    parse_request,
)
from .....core.scenarios import Scenario, ScenarioInstallation, ScenarioRequest
from .....core.versions import PythonVersion

OFF = "switched off here"


@frozen
class Choice:
    """One installation of a simulation.

    is_added: whether it is hypothetical, added here or by a scenario, and can be taken away.
    """

    candidate: Candidate
    is_on: bool = True
    is_added: bool = False

    @property
    def counts(self) -> Candidate:
        """As matching sees it: one that is off takes no part."""
        return self.candidate if self.is_on else replace(self.candidate, unusable=OFF)


@frozen
class SimulatorModel:
    """choices: in the order of the settings. text: the request as it is typed."""

    choices: tuple[Choice, ...] = ()
    policy: Policy = Policy.MAJOR_MINOR
    text: str = ""

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        return tuple(choice.counts for choice in self.choices)

    @property
    def problem(self) -> str | None:
        """Why the text is no request; None also while there is none."""
        if not self.text.strip():
            return None
        try:
            parse_request(self.text)
        except RequestError as error:
            return error.message
        return None

    def decide(self, policy: Policy | None = None) -> Decision | None:
        """The decision, under another policy if one is given; None without a request."""
        if not self.text.strip():
            return None
        try:
            request = parse_request(self.text)
        except RequestError:
            return None
        return Matcher(self.candidates, policy or self.policy).decide(request)

    def ask(self, text: str) -> SimulatorModel:
        return replace(self, text=text)

    def under(self, policy: Policy) -> SimulatorModel:
        return replace(self, policy=policy)

    def switched(self, number: int) -> SimulatorModel:
        """One installation switched on or off."""
        choices = list(self.choices)
        choices[number] = replace(choices[number], is_on=not choices[number].is_on)
        return replace(self, choices=tuple(choices))

    def all_switched(self, is_on: bool) -> SimulatorModel:
        return replace(self, choices=tuple(replace(choice, is_on=is_on) for choice in self.choices))

    def with_added(self, versions: Iterable[PythonVersion]) -> SimulatorModel:
        """More installations, which do not exist."""
        added = tuple(Choice(hypothetical(version), is_added=True) for version in versions)
        return replace(self, choices=self.choices + added)

    def without(self, number: int) -> SimulatorModel:
        return replace(self, choices=self.choices[:number] + self.choices[number + 1 :])

    def with_real(self, candidates: Iterable[Candidate]) -> SimulatorModel:
        """The real installations are now these; what was switched off stays off."""
        off = {
            choice.candidate.executable
            for choice in self.choices
            if not choice.is_added and not choice.is_on
        }
        real = tuple(
            Choice(candidate, is_on=candidate.executable not in off) for candidate in candidates
        )
        added = tuple(choice for choice in self.choices if choice.is_added)
        return replace(self, choices=real + added)


def parse_versions(text: str) -> tuple[PythonVersion, ...]:
    """Versions separated by commas or spaces. Raises RequestError."""
    return tuple(PythonVersion.parse(part) for part in text.replace(",", " ").split())


def of_scenario(scenario: Scenario) -> SimulatorModel:
    """A scenario as it is to be begun, its first request asked."""
    choices = tuple(
        Choice(replace(each, on=True).candidate, is_on=each.on, is_added=True)
        for each in scenario.installations
    )
    first = scenario.requests[0].text if scenario.requests else ""
    return SimulatorModel(choices, scenario.policy, first)


def as_scenario(
    simulation: SimulatorModel, played: Scenario | None, title: str, notes: str
) -> Scenario:
    """A simulation as a scenario to be saved; the requests of ``played`` are kept."""
    installations = tuple(
        ScenarioInstallation(
            version=choice.candidate.version,
            on=choice.is_on,
            executable=choice.candidate.executable,
            unusable=choice.candidate.unusable,
        )
        for choice in simulation.choices
        if choice.candidate.version is not None
    )
    requests = list(played.requests) if played else []
    is_request = simulation.decide() is not None
    if is_request and all(request.text != simulation.text for request in requests):
        requests.append(ScenarioRequest(simulation.text))
    return Scenario(
        title=title,
        notes=notes,
        policy=simulation.policy,
        installations=installations,
        requests=tuple(requests),
    )
