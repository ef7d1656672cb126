"""The quiz: which installation does this request get?

Pure. The questions are those of the scenarios, then others made up from their installations, so
that they are not learned by heart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from .....core.frozen import frozen
from .....core.matching import (
    Decision,
    Matcher,
    Policy,
    SetEntry,
    parse_request,
)
from .....core.scenarios import Scenario
from .....core.versions import PythonVersion
from .model import SimulatorModel, of_scenario

LENGTH = 10
"""Questions in one quiz."""


@frozen
class QuizQuestion:
    """simulation: installations, policy and request. notes: to be shown with the answer."""

    simulation: SimulatorModel
    notes: str = ""

    @property
    def decision(self) -> Decision:
        """The answer. A question's request always is one."""
        request = parse_request(self.simulation.text)
        return Matcher(self.simulation.candidates, self.simulation.policy).decide(request)

    def is_right(self, chosen: int | None) -> bool:
        """Return whether the installation at that place, or none, is what is chosen."""
        selected = self.decision.selected
        if chosen is None or selected is None:
            return chosen is None and selected is None
        return self.simulation.entries[chosen].candidate.version == selected.version


def questions(scenarios: Sequence[Scenario], seed: int) -> tuple[QuizQuestion, ...]:
    """Return a quiz. The same seed makes the same one."""
    random = Random(seed)
    own = [
        QuizQuestion(of_scenario(scenario).ask(request.text), request.notes)
        for scenario in scenarios
        for request in scenario.requests
    ]
    random.shuffle(own)
    with_versions = [scenario for scenario in scenarios if scenario.installations]
    made_up = _made_up(with_versions, random) if with_versions else None
    if made_up is None:
        return tuple(own[:LENGTH])
    asked = own[: LENGTH // 2]
    return (*asked, *(next(made_up) for _ in range(LENGTH - len(asked))))


def _made_up(scenarios: Sequence[Scenario], random: Random) -> Iterator[QuizQuestion]:
    while True:
        simulation = of_scenario(random.choice(scenarios)).under(random.choice(list(Policy)))
        yield QuizQuestion(simulation.ask(_request(simulation.entries, random)))


def _request(choices: Sequence[SetEntry], random: Random) -> str:
    near = random.choice([c.candidate.version for c in choices if c.candidate.version is not None])
    kind = random.randrange(5)
    if kind == 0:
        return f">={near.major}.{near.minor}"
    if kind == 1:
        return f"~={near.major}.{near.minor}.0"
    minor = near.minor if kind < 4 else near.minor + 1
    return str(PythonVersion(near.major, minor, max(0, near.patch + random.randint(-3, 3))))
