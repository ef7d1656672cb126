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
    InstallationSet,
    Matcher,
    Policy,
    SetEntry,
    hypothetical,
    parse_request,
)
from .....core.scenarios import Scenario, ScenarioInstallation, ScenarioRequest
from .....core.versions import PythonVersion

OFF = "switched off here"


@frozen
class SimulatorModel:
    """installations: real ones first, those added behind them. text: the request, as typed."""

    installations: InstallationSet = InstallationSet()
    policy: Policy = Policy.MAJOR_MINOR
    text: str = ""

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        return self.installations.candidates(OFF)

    @property
    def entries(self) -> tuple[SetEntry, ...]:
        return self.installations.entries

    @property
    def problem(self) -> str | None:
        """Why the text is not a request; None also while there is none."""
        if not self.text.strip():
            return None
        try:
            parse_request(self.text)
        except RequestError as error:
            return error.message
        return None

    def decide(self, policy: Policy | None = None) -> Decision | None:
        """Return the decision, under another policy if one is given; None without a request."""
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
        """Return one installation switched on or off."""
        return self._with(self.installations.switch(number))

    def all_switched(self, is_on: bool) -> SimulatorModel:
        return self._with(self.installations.switch_all(is_on))

    def with_added(self, versions: Iterable[PythonVersion]) -> SimulatorModel:
        """More installations, which do not exist."""
        return self._with(self.installations.add(SetEntry(hypothetical(v)) for v in versions))

    def without(self, number: int) -> SimulatorModel:
        return self._with(self.installations.remove(number))

    def with_real(self, candidates: Iterable[Candidate]) -> SimulatorModel:
        """Return the real installations are now these; what was switched off stays off."""
        return self._with(self.installations.with_real(map(SetEntry, candidates)))

    def _with(self, installations: InstallationSet) -> SimulatorModel:
        return replace(self, installations=installations)


def parse_versions(text: str) -> tuple[PythonVersion, ...]:
    """Versions separated by commas or spaces. Raises RequestError."""
    return tuple(PythonVersion.parse(part) for part in text.replace(",", " ").split())


def of_scenario(scenario: Scenario) -> SimulatorModel:
    """Return a scenario as it is to be started, its first request asked."""
    entries = tuple(
        SetEntry(replace(each, on=True).candidate, is_on=each.on, is_added=True)
        for each in scenario.installations
    )
    first = scenario.requests[0].text if scenario.requests else ""
    return SimulatorModel(InstallationSet(entries), scenario.policy, first)


def as_scenario(
    simulation: SimulatorModel, played: Scenario | None, title: str, notes: str
) -> Scenario:
    """Return a simulation as a scenario to be saved; the requests of ``played`` are kept."""
    installations = tuple(
        ScenarioInstallation(
            version=entry.candidate.version,
            on=entry.is_on,
            executable=entry.candidate.executable,
            unusable=entry.candidate.unusable,
        )
        for entry in simulation.entries
        if entry.candidate.version is not None
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
