"""The simulator: requests, installations on and off, rules, policies, scenarios, quiz, tour."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from pysteward.core import bundles
from pysteward.core.matching import Policy
from pysteward.core.scenarios import built_in, find, load, read_slide, save, slide_file
from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.tabs.simulator.notes_dialog import Notes
from pysteward.tui.app.tabs.simulator.policies import Policies
from pysteward.tui.app.tabs.simulator.quiz_screen import QuizScreen
from pysteward.tui.app.tabs.simulator.scenario_dialog import ScenarioList
from pysteward.tui.app.tabs.simulator.scenario_editor import ScenarioEditor
from pysteward.tui.app.tabs.simulator.screen import SimulatorScreen
from pysteward.tui.app.tabs.simulator.tour import STOPS
from pysteward.tui.app.tabs.simulator.tour_dialog import TourScreen
from pysteward.tui.app.widgets.table import Table
from pysteward.tui.start import SimulatorStart
from tests.app.conftest import MakeApp
from tests.support.bundles import BUNDLES
from tests.support.interface import (
    analyzed,
    is_shown,
    messages,
    rendered,
    rows,
    screen_text,
    steward,
    text,
    until_shown,
)
from tests.support.waiting import until

Anything = Pilot[None]


async def ask(pilot: Anything, request: str) -> None:
    """Type a request, as a person does."""
    await pilot.press("r")
    pilot.app.screen.query_one("#request", Input).value = ""
    await pilot.press(*request, "escape")
    await pilot.pause()


def simulator(pilot: Anything) -> SimulatorScreen:
    front = steward(pilot).front
    assert isinstance(front, SimulatorScreen)
    return front


async def test_the_answer_is_there_while_one_types(make_app: MakeApp) -> None:
    app = make_app(first="simulator")
    async with app.run_test() as pilot:
        await analyzed(pilot)
        await pilot.press("r", *"3.9")
        assert "▶ 3.9.18  rule least-greater" in text(pilot, "#answer")
        await pilot.press(*".99")
        assert "▶ 3.9.18  rule latest" in text(pilot, "#answer")
        await pilot.press("backspace", "backspace", "backspace", "backspace", "backspace")
        assert "is neither a Python version nor a constraint" in text(pilot, "#answer")


async def test_it_works_with_the_analysed_installations(make_app: MakeApp) -> None:
    app = make_app(first="simulator")
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await ask(pilot, "3.7.1")
        assert "✗ no match" in text(pilot, "#answer")
        assert rows(pilot, "#choices")[1].startswith("✗ 3.7.16 unusable")


async def test_installations_are_switched_off_and_on(make_app: MakeApp) -> None:
    app = make_app(first="simulator")
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await ask(pilot, ">=3.12")
        assert "▶ 3.13.0" in text(pilot, "#answer")
        await pilot.press("G", "space")
        assert "▶ 3.12.1" in text(pilot, "#answer")
        assert rows(pilot, "#choices")[6].startswith("○ 3.13.0 off")
        assert "3.13  ○0" in text(pilot, "#picture")
        await pilot.press("space")
        assert "▶ 3.13.0" in text(pilot, "#answer")
        await pilot.press("A")
        assert "✗ no match" in text(pilot, "#answer")


async def test_hypothetical_ones_are_added_and_taken_away(make_app: MakeApp) -> None:
    app = make_app(first="simulator")
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await ask(pilot, "3.10.4")
        assert "no match" in text(pilot, "#answer")
        await pilot.press("plus", *"3.10.2, 3.10.9", "enter")
        await pilot.pause()
        assert "▶ 3.10.9  rule least-greater  hypothetical" in text(pilot, "#answer")
        assert "●2*" in text(pilot, "#picture")
        await pilot.press("minus")
        assert "▶ 3.10.2" in text(pilot, "#answer")
        await pilot.press("g")
        assert app.why_not("simulator.remove") == "it is a real one; Space switches it off"


async def test_what_is_no_version_is_refused_while_typing(make_app: MakeApp) -> None:
    app = make_app(first="simulator")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("plus", *"3.x", "enter")
        await pilot.pause()
        assert "'3.x' is not a Python version" in screen_text(pilot.app)
        await pilot.press("escape")


async def test_the_picture_groups_versions_and_marks_them(make_app: MakeApp) -> None:
    app = make_app(first="simulator", given=find("major-minor"))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: simulator(pilot).scenarios.is_active)
        app.screen.query_one("#request", Input).value = "3.6.2"
        await pilot.pause()
        picture = text(pilot, "#picture").splitlines()
        line = next(each for each in picture if each.startswith("3.6"))
        assert line.index("▼2") < line.index("▶")


async def test_a_patch_stands_at_the_same_place_on_every_line(make_app: MakeApp) -> None:
    app = make_app(first="simulator")
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await ask(pilot, "3.9.7")
        lines = {line[:4].strip(): line for line in text(pilot, "#picture").splitlines()}
        assert lines["3.9"].index("▼7") == lines["3.11"].index("7", 6) - 1
        assert lines["patc"].index("15") == lines["3.6"].index("15") - 1


async def test_who_no_rule_can_take_any_more_is_struck_out(make_app: MakeApp) -> None:
    app = make_app(first="simulator", given=SimulatorStart(find("major-minor")))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: simulator(pilot).scenarios.is_active)
        await ask(pilot, "3.6.2")
        await pilot.press("s")
        lines = text(pilot, "#picture").splitlines()
        assert not any("·" in line for line in lines[:-2]), "no rule was tried"
        await pilot.press("n")
        lines = {line[:4].strip(): line for line in text(pilot, "#picture").splitlines()[:-2]}
        assert "•" in lines["3.6"], "the next rules may still take these"
        assert all("·" in line for name, line in lines.items() if name in ("3.7", "3.8"))


@pytest.mark.parametrize("size", [(80, 24), (60, 15)])
async def test_rule_and_chosen_version_are_always_in_view(
    make_app: MakeApp, size: tuple[int, int]
) -> None:
    app = make_app(first="simulator", given=find("nearest"))
    async with app.run_test(size=size) as pilot:
        await until(lambda: simulator(pilot).scenarios.is_active)
        for request in ("3.10.1", "3.6.0", "3.12.0", "2.7.3"):
            await ask(pilot, request)
            await pilot.pause()
            decision = simulator(pilot).decision
            assert decision is not None
            shown = screen_text(app)
            if decision.rule is None or decision.selected is None:
                continue
            assert f"rule {decision.rule.value}" in shown
            assert f"▶{decision.selected.version.patch}" in shown, shown


async def test_the_rules_are_listed_and_stepped_through(make_app: MakeApp) -> None:
    app = make_app(first="simulator", given=SimulatorStart(find("major-minor")))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: simulator(pilot).scenarios.is_active)
        await ask(pilot, "3.6.2")
        whole = text(pilot, "#rules")
        assert "exact" in whole
        assert "is taken" in whole
        await pilot.press("s")
        assert "? 0 of 2 rules tried" in text(pilot, "#answer")
        assert "is taken" not in text(pilot, "#rules")
        assert "▶" not in text(pilot, "#picture").replace("▶\u00a0chosen", "")
        await pilot.press("n")
        assert "? 1 of 2 rules tried" in text(pilot, "#answer")
        await pilot.press("right")
        assert "is taken" in text(pilot, "#rules")
        assert "▶ 3.6" in text(pilot, "#answer")
        assert app.why_not("simulator.next_step") == "no rule is left"
        await pilot.press("N", "left")
        assert "? 0 of 2 rules tried" in text(pilot, "#answer")
        await pilot.press("escape")
        assert text(pilot, "#rules") == whole


async def test_the_policies_stand_side_by_side(make_app: MakeApp) -> None:
    app = make_app(first="simulator")
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await ask(pilot, "3.10.4")
        head, answers, rules = rendered(app.screen.query_one(Policies)).split("\n")
        assert head.split() == ["exact", "▶", "major-minor", "nearest"]
        assert answers.split() == ["✗", "no", "match", "✗", "no", "match", "3.11.7"]
        assert rules.split() == ["least-greater-in-major"]
        await pilot.press("p")
        assert "▶ 3.11.7" in text(pilot, "#answer")
        for column, policy in ((5, Policy.EXACT), (110, Policy.NEAREST), (50, Policy.MAJOR_MINOR)):
            await pilot.click(Policies, offset=(column, 2))
            await pilot.pause()
            assert simulator(pilot).simulation.policy is policy


async def test_a_large_bundle_is_read_while_keys_are_answered(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_read, read = threading.Event(), bundles.open_bundle

    def slow(path: str) -> object:
        is_read.wait(20)
        return read(path)

    monkeypatch.setattr(bundles, "open_bundle", slow)
    app = make_app(first="simulator")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await analyzed(pilot)
        await pilot.press("b")
        await pilot.pause()
        app.screen.query_one(Input).value = str(BUNDLES / "fastapi-requires.tar.gz")
        await pilot.press("enter")
        await until(lambda: "working" in screen_text(pilot.app))
        await pilot.press("x")
        assert app.screen.query_one(Input).value.endswith("x")
        is_read.set()
        await until(lambda: " asks for " in str(messages(pilot)))


async def test_the_request_is_taken_from_a_bundle(make_app: MakeApp) -> None:
    app = make_app(first="simulator")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.press("b")
        await pilot.pause()
        app.screen.query_one(Input).value = str(BUNDLES / "fastapi-requires.tar.gz")
        await pilot.press("enter")
        await until(lambda: bool(simulator(pilot).simulation.text))
        assert simulator(pilot).simulation.text.startswith(("<", ">", "=", "~"))
        await pilot.press("b")
        await pilot.pause()
        app.screen.query_one(Input).value = "/no/such.tar.gz"
        await pilot.press("enter")
        await until(lambda: "there is no such file" in screen_text(pilot.app))


async def test_a_request_from_elsewhere_is_answered_with_the_real_installations(
    make_app: MakeApp,
) -> None:
    app = make_app(first="simulator", given=find("major-minor"))
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await until(lambda: simulator(pilot).scenarios.is_active)
        app.open_tab("simulator", "3.9.1")
        await until(lambda: "▶ 3.9.18  rule least-greater" in text(pilot, "#answer"))
        assert app.screen.query_one("#request", Input).value == "3.9.1"
        assert not simulator(pilot).scenarios.is_active


async def test_scenarios_are_opened_and_gone_through(make_app: MakeApp) -> None:
    app = make_app(first="simulator")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("o")
        await until(lambda: is_shown(app.screen, ScenarioList))
        assert len(rows(pilot)) == len(built_in())
        await pilot.press("enter")
        await until(lambda: is_shown(app.screen, Notes))
        await pilot.press("enter")
        await pilot.pause()
        scenario = built_in()[0]
        assert simulator(pilot).simulation.text == scenario.requests[0].text
        await pilot.press("full_stop")
        assert simulator(pilot).simulation.text == scenario.requests[1].text
        await pilot.press("comma", "comma")
        assert simulator(pilot).simulation.text == scenario.requests[-1].text
        await pilot.press("m")
        await until(lambda: is_shown(app.screen, Notes))
        await pilot.press("escape", "R")
        await pilot.pause()
        assert not simulator(pilot).scenarios.is_active
        assert rows(pilot, "#choices")[0].startswith("● 3.6.15")


@pytest.mark.parametrize("scenario", built_in(), ids=lambda each: each.name)
async def test_every_built_in_scenario_plays(make_app: MakeApp, scenario: object) -> None:
    app = make_app(first="simulator", given=scenario)
    async with app.run_test() as pilot:
        await until(lambda: simulator(pilot).scenarios.is_active)
        for request in scenario.requests:
            decision = simulator(pilot).decision
            assert decision is not None
            assert request.agrees(decision) is not False
            await pilot.press("full_stop")


async def test_a_scenario_is_saved_and_opened_again(make_app: MakeApp, tmp_path: Path) -> None:
    app = make_app(first="simulator")
    file = tmp_path / "mine.toml"
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await analyzed(pilot)
        await ask(pilot, "3.9.1")
        await pilot.press("p", "G", "space", "w")
        await pilot.pause()
        app.screen.query_one(Input).value = str(file)
        await pilot.press("enter", *"ask them", "enter")
        await until(file.exists)
        saved = load(file)
        assert saved.notes.strip() == "ask them"
        assert saved.policy is Policy.NEAREST
        assert [each.text for each in saved.requests] == ["3.9.1"]
        assert not saved.installations[-1].on
        assert saved.installations[1].unusable
        await pilot.press("o")
        await pilot.pause()
        app.screen.query_one(Input).focus()
        app.screen.query_one(Input).value = str(file)
        await pilot.press("enter")
        await until(lambda: simulator(pilot).scenarios.is_active)
        assert not simulator(pilot).simulation.entries[-1].is_on
        await until(lambda: "ask them" in screen_text(pilot.app))
        await pilot.press("enter", "w")
        await pilot.pause()
        app.screen.query_one(Input).value = str(file)
        await pilot.press("enter")
        await until_shown(app, "Replace this file?")
        await pilot.press("escape")
        (tmp_path / "other.toml").write_text("[python]\n")
        await pilot.press("w")
        await pilot.pause()
        app.screen.query_one(Input).value = str(tmp_path / "other.toml")
        await pilot.press("enter")
        await until_shown(app, "the file exists and is no scenario")


async def test_a_scenario_that_is_none_says_what_is_wrong(
    make_app: MakeApp, tmp_path: Path
) -> None:
    file = tmp_path / "bad.toml"
    file.write_text('title = "x"\nmatching = "closest"\n')
    app = make_app(first="simulator")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("o")
        await pilot.pause()
        app.screen.query_one(Input).focus()
        app.screen.query_one(Input).value = str(file)
        await pilot.press("enter")
        await until(lambda: "unknown matching policy" in screen_text(pilot.app))
        assert isinstance(app.screen, ScenarioList)


async def test_the_quiz_asks_before_it_tells_and_keeps_the_score(make_app: MakeApp) -> None:
    app = make_app(first="simulator")
    async with app.run_test(size=(120, 40)) as pilot:
        quiz = QuizScreen(None, seed=7)
        app.push_screen(quiz)
        await until_shown(app, "Question 1 of 10")
        await until_shown(app, "┄" * 20)  # the first picture is as wide as its place, too
        for number in range(1, 11):
            assert f"Question {number} of 10  score {number - 1}/{number - 1}" in text(
                pilot, "#question"
            )
            assert text(pilot, "#rules") == ""
            assert "▶" not in text(pilot, "#picture").replace("▶\u00a0chosen", "")
            assert app.why_not("quiz.next") == "answer this question first"
            selected = quiz.question.decision.selected
            if selected is None:
                await pilot.press("0")
            else:
                place = next(
                    number
                    for number, choice in enumerate(quiz.question.simulation.entries)
                    if choice.candidate.version == selected.version
                    and choice.is_on
                    and choice.candidate.unusable is None
                )
                await pilot.press("g", *["j"] * place, "enter")
            assert "✓ right" in text(pilot, "#question")
            assert text(pilot, "#rules")
            await pilot.press("n")
        assert "End of the quiz: 10 of 10 right." in text(pilot, "#question")
        assert app.why_not("quiz.again") == "no answer was wrong"
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, SimulatorScreen)


async def test_a_wrong_answer_is_explained(make_app: MakeApp) -> None:
    app = make_app(first="simulator")
    async with app.run_test(size=(120, 40)) as pilot:
        quiz = QuizScreen(find("exact"), seed=1)
        app.push_screen(quiz)
        await until_shown(app, "Question 1 of 10")
        while quiz.question.decision.selected is None:
            await pilot.press("0", "n")
        await pilot.press("0")
        assert "✗ wrong  Your answer: no match." in text(pilot, "#question")
        assert quiz.question.decision.reason in text(pilot, "#question")


async def test_the_quiz_ends_with_a_review_and_asks_again_what_was_wrong(
    make_app: MakeApp,
) -> None:
    app = make_app(first="simulator")
    async with app.run_test(size=(120, 40)) as pilot:
        quiz = QuizScreen(find("exact"), seed=1)
        app.push_screen(quiz)
        await until_shown(app, "Question 1 of 10")
        wrong = [each for each in quiz._questions if each.decision.selected is not None]
        for _ in range(10):
            await pilot.press("0", "enter")  # Enter goes on
        assert f"{10 - len(wrong)} of 10 right" in text(pilot, "#question")
        review = text(pilot, "#rules")
        for question in wrong:
            assert f"✗ {question.simulation.text}" in review
            assert question.decision.reason in review
        await pilot.press("r")
        assert f"Question 1 of {len(wrong)}" in text(pilot, "#question")
        table = app.screen.query_one("#choices", Table)
        await pilot.press("enter")
        assert table.marked == ("0",), "one's own answer is marked"


async def test_the_tour_goes_on_back_and_ends(make_app: MakeApp) -> None:
    app = make_app(first="simulator", given=SimulatorStart(tour=True))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: is_shown(app.screen, TourScreen))
        for number, stop in enumerate(STOPS, 1):
            title = f"Tour {number} of {len(STOPS)}: {stop.title}"
            await until(lambda title=title: title in screen_text(pilot.app), title)
            assert simulator(pilot).simulation.text == stop.request
            await pilot.press("enter")
            await pilot.pause()
        assert isinstance(app.screen, SimulatorScreen)


async def test_the_tour_begins_at_its_key_and_escape_ends_it(make_app: MakeApp) -> None:
    app = make_app(first="simulator", given=find("major-minor"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: simulator(pilot).scenarios.is_active)
        await pilot.press("escape", "t")
        await until(lambda: is_shown(app.screen, TourScreen))
        await until(lambda: f"Tour 1 of {len(STOPS)}" in screen_text(pilot.app))
        assert "Major-minor" not in simulator(pilot).scenarios.label
        await pilot.press("escape")
        await until(lambda: is_shown(app.screen, SimulatorScreen))


async def test_the_tour_shows_its_own_installations_and_no_others(make_app: MakeApp) -> None:
    """Whatever becomes known of the real ones meanwhile, and afterwards."""
    app = make_app(first="simulator", given=SimulatorStart(tour=True))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: is_shown(app.screen, TourScreen))
        await analyzed(pilot)
        assert len(simulator(pilot).simulation.entries) == 8
        await pilot.press("enter", "enter", "escape")
        await until(lambda: is_shown(app.screen, SimulatorScreen))
        assert len(simulator(pilot).simulation.entries) == 8
        assert "3.7.4 is the lowest version above" in text(pilot, "#answer"), "all is told again"
        assert "the tour's installations" in screen_text(pilot.app)
        await pilot.press("R")
        await pilot.pause()
        assert len(simulator(pilot).simulation.entries) == len(app.session.installations)


async def test_the_list_tells_hypothetical_ones_from_real_ones(make_app: MakeApp) -> None:
    app = make_app(first="simulator")
    async with app.run_test(size=(80, 24)) as pilot:
        await analyzed(pilot)
        assert not any("*" in row for row in rows(pilot, "#choices"))
        await pilot.press("plus", *"3.12.1", "enter")
        await pilot.pause()
        starred = [row for row in rows(pilot, "#choices") if "*" in row]
        assert len(starred) == 1
        assert "3.12.1*" in starred[0]


async def test_why_nothing_matches_is_said_whole_on_a_small_screen(make_app: MakeApp) -> None:
    app = make_app(first="simulator")
    async with app.run_test(size=(80, 24)) as pilot:
        await analyzed(pilot)
        await pilot.press("r", *"3.10.4")
        await pilot.pause()
        decision = simulator(pilot).decision
        assert decision is not None
        shown = " ".join(screen_text(pilot.app).split())
        assert decision.reason in shown


async def test_an_answered_question_shows_the_rule_that_decides(make_app: MakeApp) -> None:
    app = make_app(first="simulator")
    async with app.run_test(size=(80, 24)) as pilot:
        await analyzed(pilot)
        quiz = QuizScreen(find("nearest"), seed=3)
        app.push_screen(quiz)
        await pilot.pause()
        for _ in quiz._questions:
            await pilot.press("enter")
            await pilot.pause()
            last = text(pilot, "#rules").splitlines()[-1].strip()
            assert last in screen_text(pilot.app)
            if quiz.why_no_next() is None:
                await pilot.press("n")
        await until(lambda: "End of the quiz" in screen_text(pilot.app))


async def test_what_the_tour_says_is_what_is_shown(make_app: MakeApp) -> None:
    for stop in STOPS:
        decision = stop.set_up().decide()
        if stop.request and decision is not None:
            taken = str(decision.selected.version) if decision.selected else None
            if "fails" in stop.text:
                assert taken is None
            elif stop.title in ("Switch one off", "A request"):
                assert taken is not None
                assert taken in stop.text


async def test_esc_leaves_the_field_so_that_keys_are_keys_again(make_app: MakeApp) -> None:
    app = make_app(first="simulator")
    async with app.run_test() as pilot:
        await pilot.press("r", "1", "escape")
        assert simulator(pilot).simulation.text == "1"
        await pilot.press("1")
        await until(lambda: app.current_mode == "installations")


async def test_a_presenter_shows_a_large_picture_and_nothing_else(make_app: MakeApp) -> None:
    app = make_app(first="simulator", given=find("nearest"))
    async with app.run_test(size=(100, 30)) as pilot:
        await until(lambda: simulator(pilot).scenarios.is_active)
        await ask(pilot, "3.10.1")
        await pilot.press("v")
        await until(lambda: "Installations" not in screen_text(app), "the picture alone")
        shown = screen_text(app)
        assert "▼1" in shown
        assert not any(word in shown for word in ("Rules", "Policies", "Help", "pysteward"))
        await pilot.press("escape")
        await until(lambda: "Installations" in screen_text(app), "all again")


async def test_a_line_of_the_picture_is_never_wrapped(make_app: MakeApp) -> None:
    app = make_app(first="simulator", given=find("policies"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: simulator(pilot).scenarios.is_active)
        await pilot.press("v")
        await until(lambda: "Installations" not in screen_text(app), "the picture alone")
        # Request and chosen version are the same, and the highest there is.
        await until(lambda: any("3.9 " in line and "▼18▶18" in line for line in lines(app)))


def lines(app: StewardApp) -> list[str]:
    return screen_text(app).splitlines()


async def test_a_scenario_is_edited_and_its_own_file_replaced(
    make_app: MakeApp, tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    save(find("exact"), file)
    app = make_app(first="simulator", given=SimulatorStart(load(file), file=file))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: simulator(pilot).scenarios.is_active)
        first = load(file).requests[0]
        await pilot.press("e")
        await until(lambda: is_shown(app.screen, ScenarioEditor))
        app.screen.query_one("#expected", Input).value = "3.x"
        await pilot.press("ctrl+s")
        await until(lambda: "not a Python version" in screen_text(app), "why not")
        app.screen.query_one("#expected", Input).value = "none"
        app.screen.query_one("#request-notes", TextArea).text = "Ask the audience."
        await pilot.press("ctrl+s")
        await until(lambda: is_shown(app.screen, SimulatorScreen))
        await pilot.press("w")
        await until_shown(app, "mine.toml ")
        await pilot.press("enter")
        await until_shown(app, "Replace this file?")
        await pilot.press("y")
        await until(lambda: load(file).requests[0].expected == "none", "the file")
        saved = load(file)
        assert saved.requests[0].notes == "Ask the audience."
        assert saved.requests[0].text == first.text
        assert saved.notes == find("exact").notes, "what was not edited is as it was"
        assert saved.requests[1:] == find("exact").requests[1:]


async def test_what_is_shown_is_passed_on_to_the_speaker(
    make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    scenario = find("exact")
    file = slide_file(scenario, {"XDG_RUNTIME_DIR": str(tmp_path)})
    app = make_app(first="simulator", given=scenario)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: file.exists(), "the first slide")
        await pilot.press("full_stop")
        second = scenario.requests[1].text

        def is_second() -> bool:
            slide = read_slide(file)
            return slide is not None and (slide.number, slide.request) == (2, second)

        await until(is_second, "the second request")
