"""The registry of actions: complete, without clashes, and the same wherever it shows."""

from __future__ import annotations

import pytest

from pysteward.tui.app.actions import EVERYWHERE, key_name
from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.demo import DemoBackend
from pysteward.tui.app.registry import (
    ACTIONS,
    actions_of,
    bindings_of,
    find,
)
from pysteward.tui.app.screens.base import StewardScreen
from pysteward.tui.app.tabs import TABS
from pysteward.tui.app.tabs.simulator.quiz_screen import QuizScreen
from pysteward.tui.terminal.capabilities import Terminal

OWN_TABS = [tab for tab in TABS if tab.name in ("installations", "simulator", "settings")]
SCREENS: dict[str, type[StewardScreen]] = {tab.name: type(tab.make()) for tab in OWN_TABS}
SCREENS["quiz"] = QuizScreen


def test_every_action_is_there_once() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)


@pytest.mark.parametrize("scope", [EVERYWHERE, *SCREENS])
def test_every_action_has_someone_who_does_it(scope: str) -> None:
    owner = StewardApp if scope == EVERYWHERE else SCREENS[scope]
    for action in actions_of(scope):
        assert callable(getattr(owner, f"do_{action.name}", None)), action.id


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
    assert find("build.log_only_matches").key == "&"
    assert find("build.log_numbers").key == "#"


def test_bindings_come_from_the_registry() -> None:
    bound = {key for keys, _, _ in bindings_of("installations") for key in keys.split(",")}
    assert bound == {key for action in actions_of("installations") for key in action.keys}


async def test_every_action_can_be_asked_for_whether_it_is_possible() -> None:
    """``possible`` never fails, whatever state its screen is in."""
    app = StewardApp(DemoBackend(pause=0), Terminal())
    async with app.run_test() as pilot:
        for tab in OWN_TABS:
            app.open_tab(tab.name)
            await pilot.pause()
            for action in actions_of(tab.name):
                reason = app.why_not(action.id)
                assert reason is None or (reason and not reason.endswith(".")), action.id
