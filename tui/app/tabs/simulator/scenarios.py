"""Scenarios in the simulator: open, save, go through their requests; quiz, tour, bundles."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from .....core.errors import ScenarioError, StewardError
from .....core.scenarios import Scenario, ScenarioRequest
from ....start import SimulatorStart
from ...app_api import app_of
from ...background import call
from ...screens.base import StewardScreen
from .model import SimulatorModel, as_scenario, of_scenario

if TYPE_CHECKING:
    from .....core.matching import Request
    from .tour import TourStop


class ScenarioController(StewardScreen):
    """The half of the simulator that deals with scenarios; the other half shows and decides."""

    simulation: SimulatorModel

    def __init__(self) -> None:
        super().__init__()
        self._scenario: Scenario | None = None
        self._request = 0
        self._is_toured = False

    # What the other half gives

    def change(self, simulation: SimulatorModel) -> None:
        """Work on this from now on."""
        raise NotImplementedError

    def ask(self, text: str) -> None:
        """Put a request into the field and answer it."""
        raise NotImplementedError

    def show_stop(self, stop: TourStop) -> None:
        """Set the stage for one stop of the tour."""
        raise NotImplementedError

    def tell_all(self) -> None:
        """Step through the rules no longer."""
        raise NotImplementedError

    # The scenario

    @property
    def plays_scenario(self) -> bool:
        """Whether a scenario's installations, or the tour's, have taken the real ones' place."""
        return self._scenario is not None or self._is_toured

    @property
    def asked(self) -> ScenarioRequest | None:
        """The request of the scenario that is asked now; None once another is typed."""
        if self._scenario is None or not self._scenario.requests:
            return None
        request = self._scenario.requests[self._request]
        return request if request.text == self.simulation.text else None

    @property
    def scenario_label(self) -> str:
        """Which scenario is played and how far it is; empty without one."""
        scenario, looks, width = self._scenario, app_of(self).looks, self.size.width
        # What one types beside it needs room, too.
        room = max(8, min(max(36, width // 2 - 20), width - 44))
        if scenario is None:
            return looks.shorten("the tour's installations", room) if self._is_toured else ""
        total = len(scenario.requests)
        title = looks.shorten(scenario.title, room)
        return f"{title}, {self._request + 1} of {total}" if total else title

    def open_with(self, given: object) -> None:
        if isinstance(given, Scenario):
            given = SimulatorStart(given)
        if not isinstance(given, SimulatorStart):
            return
        if given.scenario is not None:
            self.play(given.scenario)
        if given.tour:
            self.do_tour()

    def play(self, scenario: Scenario) -> None:
        """Take a scenario's installations, policy and first request."""
        self._scenario, self._request, self._is_toured = scenario, 0, False
        simulation = of_scenario(scenario)
        self.change(simulation)
        self.ask(simulation.text)

    def leave_scenario(self) -> None:
        self._scenario, self._request, self._is_toured = None, 0, False

    # What is possible

    def why_no_requests(self) -> str | None:
        if self._scenario is None:
            return "no scenario is open"
        return None if len(self._scenario.requests) > 1 else "it has no other request"

    def why_no_notes(self) -> str | None:
        if self._scenario is None:
            return "no scenario is open"
        return None if self._scenario.notes.strip() else "it has no notes"

    # What is done

    def do_next_request(self) -> None:
        self._turn(1)

    def do_previous_request(self) -> None:
        self._turn(-1)

    def _turn(self, by: int) -> None:
        if self._scenario is not None:
            self._request = (self._request + by) % len(self._scenario.requests)
            self.ask(self._scenario.requests[self._request].text)

    def do_notes(self) -> None:
        from .notes_dialog import Notes

        if self._scenario is not None:
            self.app.push_screen(Notes(self._scenario))

    def do_open(self) -> None:
        from .scenario_dialog import ScenarioList

        def opened(scenario: Scenario | None) -> None:
            if scenario is not None:
                self.play(scenario)
                if scenario.notes.strip():
                    self.do_notes()

        self.app.push_screen(ScenarioList(), opened)

    def do_save(self) -> None:
        from ...dialogs.prompt import Prompt
        from ...widgets.path_suggester import PathSuggester

        self.app.push_screen(
            Prompt(
                "Save as a scenario",
                "my-server.toml",
                why_not=_why_not_a_file,
                suggester=PathSuggester((".toml",)),
            ),
            self._annotate,
        )

    def _annotate(self, text: str | None) -> None:
        """Ask for notes, unless what is played brings its own."""
        from ...dialogs.prompt import Prompt

        if not text:
            return
        path = Path(os.path.expanduser(text.strip()))
        if self._scenario is not None and self._scenario.notes.strip():
            self._save(path, self._scenario.notes)
            return
        self.app.push_screen(
            Prompt("Notes for the audience", "none", why_not=lambda _: None),
            lambda notes: self._save(path, notes),
        )

    def _save(self, path: Path, notes: str | None) -> None:
        from .....core import scenarios

        if notes is None:
            return
        played = self._scenario
        title = played.title if played else path.stem
        try:
            scenarios.save(as_scenario(self.simulation, played, title, notes.strip()), path)
        except ScenarioError as error:
            app_of(self).say(str(error), problem=True)
            return
        app_of(self).say(f"Saved as {path}")

    def do_bundle(self) -> None:
        from ...dialogs.prompt import Prompt
        from ...widgets.path_suggester import PathSuggester

        self.app.push_screen(
            Prompt(
                "Take the request from a bundle",
                "bundle.tar.gz, its folder or its manifest.json",
                why_not=lambda text: None if text.strip() else "type a path",
                suggester=PathSuggester((".tar.gz", ".tgz", ".tar", ".json")),
            ),
            self._take_from_bundle,
        )

    def _take_from_bundle(self, text: str | None) -> None:
        if not text:
            return
        # A large archive takes its time.
        reading = self.set_timer(0.1, lambda: app_of(self).say("Reading the bundle."))

        def look() -> Request:
            from .....core import bundles

            return bundles.request_of(bundles.open_bundle(os.path.expanduser(text.strip())))

        def taken(request: Request) -> None:
            reading.stop()
            self.ask(request.text)
            app_of(self).say(f"{text} asks for {request.text}")

        def failed(problem: StewardError) -> None:
            reading.stop()
            app_of(self).say(str(problem), problem=True)

        call(self, look, taken, failed)

    def do_quiz(self) -> None:
        from .quiz_screen import QuizScreen

        scenario = self._scenario
        self.app.push_screen(QuizScreen(scenario))

    def do_tour(self) -> None:
        from .tour import STOPS
        from .tour_dialog import TourScreen

        self.leave_scenario()
        self._is_toured = True
        self.app.push_screen(TourScreen(STOPS, self.show_stop), lambda _: self.tell_all())


def _why_not_a_file(text: str) -> str | None:
    path = os.path.expanduser(text.strip())
    if not path.endswith(".toml"):
        return "a scenario's file ends in .toml"
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        return f"there is no folder {folder}"
    return "it is there already: take another name" if os.path.lexists(path) else None
