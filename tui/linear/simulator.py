"""The simulator in lines: requests, rule by rule; scenarios, the tour and the quiz."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ...core import bundles, scenarios
from ...core.errors import StewardError
from ...core.installations import candidates
from ...core.matching import Policy
from ...core.scenarios import Scenario, ScenarioRequest
from ...core.versions import PythonVersion
from ..app.tabs.simulator.model import SimulatorModel, as_scenario, of_scenario, parse_versions
from ..app.tabs.simulator.quiz import QuizQuestion, questions
from ..app.tabs.simulator.tour import STOPS
from .page import LinearRow, Page, PageContext


class SimulatorPage(Page):
    name = "simulator"
    title = "Simulator"
    empty = "No installations: add 3.12.1 adds a hypothetical one."

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._model = SimulatorModel()
        self._scenario: Scenario | None = None
        self._file: Path | None = None
        self.do_real("")

    def rows(self) -> Sequence[LinearRow]:
        decision = self._model.decide()
        rows: list[LinearRow] = []
        for number, entry in enumerate(self._model.entries):
            state = "off" if not entry.is_on else entry.candidate.unusable or "on"
            if decision is not None and entry.is_on:
                considered = decision.considered[number]
                state = f"{considered.verdict.value}, {considered.why}"
            kind = "hypothetical " if entry.is_added else ""
            version = entry.candidate.version or "unknown"
            rows.append(LinearRow(str(number), f"{kind}Python {version}: {state}"))
        return rows

    def detail(self, key: str) -> Sequence[str]:
        return [self.rows()[int(key)].words]

    def open_with(self, argument: str) -> None:
        self.do_request(argument)

    def do_request(self, rest: str) -> None:
        text = rest or self.context.ask("Request:")
        self._model = self._model.ask(text.strip())
        self._answer()

    def _answer(self) -> None:
        model, decision = self._model, self._model.decide()
        if decision is None:
            self.context.say(model.problem or "Type request and a version, such as request 3.7.1.")
            return
        for number, step in enumerate(decision.steps, 1):
            taken = f"{step.taken.version} is taken" if step.taken is not None else "none"
            self.context.say(f"Rule {number}, {step.rule.value}. {step.question} {taken}.")
        self.context.say(decision.reason)

    def do_policy(self, rest: str) -> None:
        policies = list(Policy)
        following = policies[(policies.index(self._model.policy) + 1) % len(policies)]
        try:
            policy = Policy.parse(rest) if rest else following
        except ValueError as problem:
            raise StewardError(str(problem)) from None
        self._model = self._model.under(policy)
        self.context.say(f"The policy is {policy.value}.")
        self._answer()

    def do_add(self, rest: str) -> None:
        self._model = self._model.with_added(parse_versions(rest))
        self.show()

    def do_switch(self, rest: str) -> None:
        key = str(int(rest) - 1) if rest.isdigit() else self.wanted("installation")
        if not 0 <= int(key) < len(self._model.entries):
            raise StewardError(f"there is no row {rest}")
        self._model = self._model.switched(int(key))
        self.context.say(f"{self.rows()[int(key)].words}.")

    def do_remove(self, rest: str) -> None:
        key = str(int(rest) - 1) if rest.isdigit() else self.wanted("installation")
        if not 0 <= int(key) < len(self._model.entries):
            raise StewardError(f"there is no row {rest}")
        if not self._model.entries[int(key)].is_added:
            raise StewardError("it is a real one; switch switches it off")
        self._model = self._model.without(int(key))
        self.show()

    def do_all_on(self, _rest: str) -> None:
        self._model = self._model.all_switched(not all(each.is_on for each in self._model.entries))
        self.show()

    def do_real(self, _rest: str) -> None:
        self._scenario, self._file = None, None
        session = self.context.session
        model = SimulatorModel(text=self._model.text).with_real(candidates(session.installations))
        self._model = model.under(Policy.parse(session.policy))

    # Scenarios

    def start(self, scenario: Scenario, file: Path | None = None) -> None:
        """Take a scenario's installations, policy and first request. file: its own."""
        self._scenario, self._file = scenario, file
        self._model = of_scenario(scenario)
        self.context.say(f"Scenario {scenario.title}, policy {scenario.policy.value}.")
        self._say_notes(scenario.notes)
        self.show()
        if scenario.requests:
            self._ask_number(0)

    @property
    def _open_scenario(self) -> Scenario:
        if self._scenario is None:
            raise StewardError("no scenario is open; open NAME opens one")
        return self._scenario

    def _say_notes(self, notes: str) -> None:
        for line in notes.strip().splitlines():
            self.context.say(line)

    def _ask_number(self, number: int) -> None:
        requests = self._open_scenario.requests
        request = requests[number % len(requests)]
        self._model = self._model.ask(request.text)
        count = f"Request {number % len(requests) + 1} of {len(requests)}"
        self.context.say(f"{count}: {request.text}.")
        self._answer()
        self._say_notes(request.notes)

    def do_open(self, rest: str) -> None:
        """``open NAME`` of a built-in scenario, or the path of a file."""
        known = {each.name: each for each in scenarios.built_in()}
        for name, scenario in () if rest else known.items():
            self.context.say(f"{name}: {scenario.title}.")
        wanted = rest or self.context.ask("Name of a scenario, or path of a file:")
        if wanted in known:
            self.start(known[wanted])
        elif wanted:
            file = Path(wanted).expanduser().absolute()
            self.start(scenarios.load(file), file)

    def do_save(self, rest: str) -> None:
        """``save PATH``; without one, the scenario's own file."""
        path = rest or str(self._file or "") or self.context.ask("Path of a .toml file:")
        if not path:
            return
        file, played = Path(path).expanduser().absolute(), self._scenario
        if file.suffix != ".toml":
            raise StewardError("the file name must end in .toml")
        if os.path.lexists(file):
            scenarios.load(file)  # only a scenario is replaced
            if not self.context.agrees(f"Replace {file}?"):
                return
        notes = played.notes if played is not None and played.notes.strip() else None
        notes = self.context.ask("Notes for the audience:") if notes is None else notes
        title = played.title if played is not None else file.stem
        scenarios.save(as_scenario(self._model, played, title, notes), file)
        self._file = file
        self.context.say(f"Saved as {file}.")

    def do_edit(self, _rest: str) -> None:
        """Ask for the title, the notes, and what the present request should get."""
        scenario, decision = self._open_scenario, self._model.decide()
        title = self.context.ask(f"Title, nothing keeps {scenario.title}:") or scenario.title
        notes = self.context.ask("Notes for the audience, nothing keeps them:") or scenario.notes
        requests = scenario.requests
        if decision is not None:
            selected = decision.selected
            answer = scenarios.NO_MATCH if selected is None else str(selected.version)
            expected = self.context.ask(
                f"{self._model.text} should get (a version or {scenarios.NO_MATCH}), "
                f"nothing takes {answer}:"
            )
            if expected and expected != scenarios.NO_MATCH:
                PythonVersion.parse(expected)
            others = [each for each in requests if each.text != self._model.text]
            before = next((each for each in requests if each.text == self._model.text), None)
            changed = replace(
                before or ScenarioRequest(self._model.text), expected=expected or answer
            )
            requests = tuple(
                changed if each is before else each
                for each in (requests if before is not None else (*others, changed))
            )
        self._scenario = replace(scenario, title=title, notes=notes, requests=requests)
        self.context.say("Changed; save saves it.")

    def _turn(self, by: int) -> None:
        texts = [each.text for each in self._open_scenario.requests]
        if not texts:
            raise StewardError("it has no request")
        here = texts.index(self._model.text) if self._model.text in texts else -(by < 0)
        self._ask_number(here + by)

    def do_next_request(self, _rest: str) -> None:
        self._turn(1)

    def do_previous_request(self, _rest: str) -> None:
        self._turn(-1)

    def do_notes(self, _rest: str) -> None:
        scenario = self._open_scenario
        if not scenario.notes.strip():
            raise StewardError("it has no notes")
        self._say_notes(scenario.notes)

    def do_bundle(self, rest: str) -> None:
        """``bundle PATH``: take the request from it."""
        path = rest or self.context.ask("Path of the bundle:")
        if path:
            bundle = bundles.open_bundle(Path(path).expanduser())
            request = bundles.request_of(bundle)
            self.context.say(f"{bundle.name} asks for {request.text}.")
            self.do_request(request.text)

    def do_tour(self, _rest: str) -> None:
        """Say the stops of the tour, with an Enter between two."""
        for number, stop in enumerate(STOPS, 1):
            self.context.say(f"{number} of {len(STOPS)}. {stop.title}. {stop.text}")
            self._scenario, self._file, self._model = None, None, stop.set_up()
            if stop.request:
                self._answer()
            if number < len(STOPS):
                answer = self.context.console.ask("Enter goes on, stop ends the tour:")
                if answer is None or answer.strip():
                    break
        self.do_real("")

    def do_quiz(self, _rest: str) -> None:
        """Ask, mark the answer, and ask again what was answered wrong."""
        given = (self._scenario,) if self._scenario is not None else scenarios.built_in()
        asked: Sequence[QuizQuestion] = questions(given, time.time_ns())
        while asked:
            wrong = self._ask_all(asked)
            if wrong is None:
                return
            self.context.say(f"{len(asked) - len(wrong)} of {len(asked)} right.")
            for question in wrong:
                self.context.say(f"{question.simulation.text}: {question.decision.reason}")
            if not wrong or not self.context.agrees("Repeat those that were wrong?"):
                return
            asked = wrong

    def _ask_all(self, asked: Sequence[QuizQuestion]) -> list[QuizQuestion] | None:
        """Return those that were answered wrong; None where the person stops."""
        wrong: list[QuizQuestion] = []
        for number, question in enumerate(asked, 1):
            simulation = question.simulation
            self.context.say(
                f"Question {number} of {len(asked)}: policy {simulation.policy.value}, request "
                f"{simulation.text}."
            )
            for place, entry in enumerate(simulation.entries, 1):
                why = entry.candidate.unusable if entry.is_on else "off"
                note = f", {why}" if why else ""
                self.context.say(f"{place}. Python {entry.candidate.version}{note}")
            answer = self.context.ask("Its number, 0 for no match, stop ends the quiz:")
            if not answer.isdigit():
                return None
            if not 0 <= int(answer) <= len(simulation.entries):
                self.context.say(f"There is no {answer}.")
            is_right = int(answer) <= len(simulation.entries) and question.is_right(
                int(answer) - 1 if int(answer) else None
            )
            self.context.say(f"{'Right' if is_right else 'Wrong'}. {question.decision.reason}")
            if not is_right:
                wrong.append(question)
        return wrong
