"""Every action of the registry is one key away on its screen, on a server that has builds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.registry import ACTIONS, actions_of
from pysteward.tui.app.tabs import TABS
from pysteward.tui.terminal.capabilities import Terminal
from tests.support.interface import analyzed
from tests.support.showcase import Showcase
from tests.support.waiting import until

# What the list in front takes for itself; the screen does the same for it.
_OF_LISTS = frozenset({"enter", "space", "left", "right", "tab"})
# The tab that a screen without a number is opened on, and how.
_PUSHED = {
    "build": ("builds", "enter"),
    "quiz": ("simulator", "z"),
    "upgrade_plan": ("upgrade", "w"),
}


@pytest.fixture
def showcase(tmp_path: Path) -> Iterator[Showcase]:
    source = Showcase(tmp_path)
    yield source
    source.close()


async def go_to(pilot: Pilot[None], app: StewardApp, scope: str) -> None:
    await analyzed(pilot)
    if scope in _PUSHED:
        key = _PUSHED[scope][1]
        action = {"enter": "builds.show", "z": "simulator.quiz", "w": "upgrade.plan"}[key]
        await until(lambda: app.why_not(action) is None, action)
        await pilot.press(key)
    await until(lambda: scope in ("everywhere", app.front.scope if app.front else ""), scope)
    await pilot.pause(0.2)


@pytest.mark.parametrize("scope", sorted({action.scope for action in ACTIONS}))
async def test_every_key_asks_for_its_action(
    scope: str, showcase: Showcase, monkeypatch: pytest.MonkeyPatch
) -> None:
    tabs = [tab.name for tab in TABS]
    first = scope if scope in tabs else _PUSHED.get(scope, ("installations", ""))[0]
    app = StewardApp(showcase, Terminal(), first=first)
    async with app.run_test(size=(120, 40)) as pilot:
        await go_to(pilot, app, scope)
        asked: list[str] = []
        monkeypatch.setattr(app, "act", asked.append)
        wanted = [
            (action.id, key)
            for action in actions_of(scope)
            for key in action.keys
            if key not in _OF_LISTS
        ]
        for action_id, key in wanted:
            asked.clear()
            await pilot.press(key)
            assert asked == [action_id], key


@pytest.mark.parametrize("scope", sorted({action.scope for action in ACTIONS} - {"everywhere"}))
async def test_what_is_not_possible_says_why(scope: str, showcase: Showcase) -> None:
    tabs = [tab.name for tab in TABS]
    app = StewardApp(showcase, Terminal(), first=scope if scope in tabs else _PUSHED[scope][0])
    async with app.run_test(size=(120, 40)) as pilot:
        await go_to(pilot, app, scope)
        for action in actions_of(scope):
            reason = app.why_not(action.id)
            assert reason is None or (reason and not reason.endswith(".")), action.id
