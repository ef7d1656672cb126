"""Scenarios in the simulator: open, save, step through their requests; quiz, tour, bundles."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from .....core import bundles, scenarios
from .....core.errors import ScenarioError
from .....core.scenarios import Scenario, ScenarioRequest, Slide
from ....start import SimulatorStart
from ...background import call
from ...dialogs.confirm import Confirm
from ...dialogs.path_prompt import ask_path
from ...dialogs.prompt import Prompt
from ...widgets.paragraphs import Paragraph
from .model import as_scenario, of_scenario

if TYPE_CHECKING:
    from .....core.matching import Request
    from .screen import SimulatorScreen


class ScenarioController:
    """The part of the simulator that deals with scenarios; the screen shows and decides."""

    def __init__(self, screen: SimulatorScreen) -> None:
        self._screen = screen
        self._scenario: Scenario | None = None
        self._request = 0
        self._is_tour = False
        self._file: Path | None = None
        self._slide: Slide | None = None

    # The scenario

    @property
    def is_active(self) -> bool:
        """Whether the installations are those of a scenario or of the tour, not the real ones."""
        return self._scenario is not None or self._is_tour

    @property
    def request(self) -> ScenarioRequest | None:
        """The scenario's request that is shown; None once another is typed."""
        if self._scenario is None or not self._scenario.requests:
            return None
        request = self._scenario.requests[self._request]
        return request if request.text == self._screen.simulation.text else None

    @property
    def label(self) -> str:
        """The scenario's title and the number of its request; empty without one."""
        display, width = self._screen.steward.terminal_display, self._screen.size.width
        scenario = self._scenario
        # The field beside it needs room, too.
        room = max(8, min(max(36, width // 2 - 20), width - 52))
        if scenario is None:
            return display.shorten("the tour's installations", room) if self._is_tour else ""
        total = len(scenario.requests)
        title = display.shorten(scenario.title, room)
        return f"{title}, {self._request + 1} of {total}" if total else title

    def open_with(self, argument: object) -> None:
        """argument: a Scenario, or what the simulator starts with."""
        if isinstance(argument, Scenario):
            argument = SimulatorStart(argument)
        if not isinstance(argument, SimulatorStart):
            return
        if argument.scenario is not None:
            self.start(argument.scenario, argument.file)
        if argument.tour:
            self.do_tour()

    def start(self, scenario: Scenario, file: Path | None = None) -> None:
        """Take a scenario's installations, policy and first request. file: its own."""
        self._file = file
        self._scenario, self._request, self._is_tour = scenario, 0, False
        simulation = of_scenario(scenario)
        self._screen.change(simulation)
        self._screen.ask(simulation.text)

    def leave(self) -> None:
        """Go back to the real installations."""
        self._scenario, self._request, self._is_tour = None, 0, False
        self._file = None

    def show_slide(self, answer: str) -> None:
        """Pass on what is shown to a second terminal that follows (``scenario FILE --notes``).

        answer: of the present request, in a sentence.
        """
        scenario = self._scenario
        if scenario is None or not os.environ.get("XDG_RUNTIME_DIR"):
            return
        request = self.request
        slide = Slide(
            title=scenario.title,
            number=self._request + 1 if request is not None else 0,
            total=len(scenario.requests),
            request=self._screen.simulation.text,
            answer=answer,
            notes=scenario.notes,
            request_notes=request.notes if request is not None else "",
        )
        if slide != self._slide:
            self._slide = slide
            file = scenarios.slide_file(scenario, os.environ)
            # Nobody needs to follow: that it cannot be written is nothing to complain of.
            call(
                self._screen,
                lambda: scenarios.show_slide(slide, file),
                lambda _: None,
                lambda _: None,
            )

    # What is possible

    def why_no_scenario(self) -> str | None:
        return None if self._scenario is not None else "no scenario is open; w saves one"

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
            self._screen.ask(self._scenario.requests[self._request].text)

    def do_notes(self) -> None:
        from .notes_dialog import Notes

        if self._scenario is not None:
            self._screen.app.push_screen(Notes(self._scenario))

    def do_edit(self) -> None:
        """Edit the scenario's notes, and what its present request should get."""
        from .scenario_editor import ScenarioEditor

        scenario, simulation = self._scenario, self._screen.simulation
        if scenario is None:
            return
        decision = simulation.decide()
        selected = decision.selected if decision is not None else None
        answer = scenarios.NO_MATCH if selected is None else str(selected.version)
        request = self.request or ScenarioRequest(simulation.text if decision is not None else "")

        def edited(changed: Scenario | None) -> None:
            if changed is not None:
                self._scenario = changed
                texts = [each.text for each in changed.requests]
                if simulation.text in texts:
                    self._request = texts.index(simulation.text)
                self._screen.show_simulation()
                self._screen.say("Changed; w saves it.")

        self._screen.app.push_screen(ScenarioEditor(scenario, request, answer), edited)

    def do_open(self) -> None:
        from .scenario_dialog import ScenarioList

        def opened(found: tuple[Scenario, Path | None] | None) -> None:
            if found is not None:
                scenario = found[0]
                self.start(*found)
                if scenario.notes.strip():
                    self.do_notes()

        self._screen.app.push_screen(ScenarioList(), opened)

    def do_save(self) -> None:
        ask_path(
            self._screen,
            "Save as a scenario",
            "my-server.toml",
            self._annotate,
            value=str(self._file or ""),
            endings=(".toml",),
            why_not=_why_not_a_file,
        )

    def _annotate(self, path: Path) -> None:
        """Ask for notes, unless the open scenario has some."""
        if self._scenario is not None and self._scenario.notes.strip():
            self._save(path, self._scenario.notes)
            return
        self._screen.app.push_screen(
            Prompt("Notes for the audience", "none", why_not=lambda _: None),
            lambda notes: self._save(path, None if notes is None else notes.strip()),
        )

    def _save(self, path: Path, notes: str | None) -> None:
        """Save, after a question where that replaces a file."""
        if notes is None:
            return
        played = self._scenario
        title = played.title if played else path.stem
        made = as_scenario(self._screen.simulation, played, title, notes)

        def saved(_: None) -> None:
            self._file = path
            self._screen.say(f"Saved as {path}")

        def answered(is_yes: bool | None) -> None:
            if is_yes:
                call(self._screen, lambda: scenarios.save(made, path), saved, must_finish=True)

        if not os.path.lexists(path):
            answered(is_yes=True)
            return
        display = self._screen.steward.terminal_display
        body = [Paragraph(Content(display.line(str(path))), hang=2)]
        self._screen.app.push_screen(Confirm("Replace this file?", body, yes="Replace"), answered)

    def do_bundle(self) -> None:
        screen = self._screen

        def read(path: Path) -> tuple[str, Request]:
            bundle = bundles.open_bundle(path)
            return bundle.name, bundles.request_of(bundle)

        def taken(found: tuple[str, Request]) -> None:
            name, request = found
            screen.ask(request.text)
            screen.say(f"{name} asks for {request.text}")

        ask_path(
            screen,
            "Take the request from a bundle",
            "bundle.tar.gz, its directory or its manifest.json",
            taken,
            work=read,
            endings=(".tar.gz", ".tgz", ".tar", ".json"),
        )

    def do_quiz(self) -> None:
        from .quiz_screen import QuizScreen

        self._screen.app.push_screen(QuizScreen(self._scenario))

    def do_tour(self) -> None:
        from .tour import STOPS
        from .tour_dialog import TourScreen

        screen = self._screen
        self.leave()
        self._is_tour = True
        screen.app.push_screen(TourScreen(STOPS, screen.show_stop), lambda _: screen.tell_all())


def _why_not_a_file(text: str) -> str | None:
    path = os.path.expanduser(text.strip())
    if not path.endswith(".toml"):
        return "the file name must end in .toml"
    directory = os.path.dirname(path) or "."
    if not os.path.isdir(directory):
        return f"there is no directory {directory}"
    if not os.path.lexists(path):
        return None
    # Only one's own scenario is replaced, and nothing else that ends in .toml.
    try:
        scenarios.load(path)
    except ScenarioError:
        return "the file exists and is no scenario; choose another name"
    return None
