"""The registry of actions: complete, without clashes, and the same wherever it shows."""

from __future__ import annotations

import pytest

from pysteward.tui.app.actions import EVERYWHERE, SHARED_ACTIONS, Action, bindings_of, key_name
from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.demo import DemoBackend
from pysteward.tui.app.log.commands import LogCommands
from pysteward.tui.app.registry import (
    ACTIONS,
    actions_of,
    find,
)
from pysteward.tui.app.screens.base import StewardScreen
from pysteward.tui.app.tabs import TABS
from pysteward.tui.app.tabs.builds.build_screen import BuildScreen
from pysteward.tui.app.tabs.simulator.quiz_screen import QuizScreen
from pysteward.tui.app.tabs.simulator.scenarios import ScenarioController
from pysteward.tui.app.tabs.upgrade.operations import UpgradeOperations
from pysteward.tui.app.tabs.upgrade.plan_screen import UpgradePlanScreen
from pysteward.tui.terminal.capabilities import Terminal

# The screens that tabs open.
SCREENS: dict[str, type[StewardScreen]] = {
    **{tab.name: type(tab.make()) for tab in TABS},
    "quiz": QuizScreen,
    "build": BuildScreen,
    "upgrade_plan": UpgradePlanScreen,
}
# What `on` of an action names, and the class of that object.
OWNERS: dict[str, type[object]] = {
    "log_commands": LogCommands,
    "scenarios": ScenarioController,
    "operations": UpgradeOperations,
}


def test_every_action_is_there_once() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)


def test_every_screen_has_the_actions_of_its_scope() -> None:
    assert {action.scope for action in ACTIONS} == {EVERYWHERE, *SCREENS}
    for scope, screen in SCREENS.items():
        assert (screen.scope, screen.actions) == (scope, actions_of(scope))
    assert actions_of(EVERYWHERE) == SHARED_ACTIONS


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_has_a_method_that_does_it_and_one_that_says_why_not(action: Action) -> None:
    owner: object = StewardApp if action.scope == EVERYWHERE else SCREENS[action.scope]
    if action.on:
        owner = OWNERS[action.on]
    assert callable(getattr(owner, f"do_{action.name}", None)), "do"
    assert not action.unless or callable(getattr(owner, action.unless, None)), action.unless


@pytest.mark.parametrize("owner", [StewardApp, *SCREENS.values(), *OWNERS.values()])
def test_every_do_method_is_an_action(owner: type[object]) -> None:
    named = {f"do_{action.name}" for action in ACTIONS}
    assert {name for name in dir(owner) if name.startswith("do_")} <= named


@pytest.mark.parametrize("scope", sorted({action.scope for action in ACTIONS}))
def test_no_key_means_two_things_on_one_screen(scope: str) -> None:
    shared = [] if scope == EVERYWHERE else list(actions_of(EVERYWHERE))
    keys = [key for action in (*actions_of(scope), *shared) for key in action.keys]
    assert len(keys) == len(set(keys)), sorted(key for key in keys if keys.count(key) > 1)


def test_no_action_takes_a_number_of_a_tab() -> None:
    tabs = {str(number) for number in range(1, len(TABS) + 1)}
    assert not [action.id for action in ACTIONS if tabs & set(action.keys)]


def test_every_action_explains_itself_in_a_sentence() -> None:
    for action in ACTIONS:
        assert action.help[0].isupper(), action.id
        assert not action.help.endswith("."), action.id
        assert len(action.label) <= 16, action.id


def test_keys_are_written_as_people_write_them() -> None:
    assert key_name("ctrl+p") == "^P"
    assert key_name("question_mark") == "?"
    assert key_name("ctrl+pagedown") == "^PgDn"
    assert find("everywhere.palette").all_keys == ": ^P"


def test_no_key_is_shown_by_the_name_that_only_the_toolkit_has_for_it() -> None:
    shown = {key_name(key) for action in ACTIONS for key in action.keys}
    assert not [name for name in shown if "_" in name or len(name) > 5]
    assert find("build.only_matches").key == "&"
    assert find("build.numbers").key == "#"


def test_bindings_come_from_the_actions() -> None:
    actions = actions_of("installations")
    bound = {key for keys, _, _ in bindings_of(actions) for key in keys.split(",")}
    assert bound == {key for action in actions for key in (*action.keys, *action.old)}


async def test_every_action_can_be_asked_for_whether_it_is_possible() -> None:
    """On the demo server, whose screens have nothing to show."""
    app = StewardApp(DemoBackend(pause=0), Terminal())
    async with app.run_test() as pilot:
        for tab in TABS:
            app.open_tab(tab.name)
            await pilot.pause()
            for action in actions_of(tab.name):
                reason = app.why_not(action.id)
                assert reason is None or (reason and not reason.endswith(".")), action.id
