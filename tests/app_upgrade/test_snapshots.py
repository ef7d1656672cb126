"""What the screens of upgrades look like; ``pytest --snapshot-update`` accepts a new look."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from pysteward.core.upgrades import PlanFile
from pysteward.tui.app.app import StewardApp
from pysteward.tui.terminal.capabilities import Terminal
from tests.app_upgrade.conftest import MakeApp
from tests.app_upgrade.desk import PLAN, Desk, Planned
from tests.support.interface import analyzed, messages, rows, screen_text, text
from tests.support.waiting import until

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
PLAIN = Terminal(unicode=False, color=False)
Compare = Callable[..., bool]


def planned(terminal: Terminal | None = None, *, is_driven: bool = True) -> StewardApp:
    desk = Desk(PLAN, is_driven=is_driven, file=PlanFile(Path("plan.json")))
    return StewardApp(Planned(desk), terminal or Terminal(), first="upgrade")


def steps(*keys: str) -> Callable[[Pilot[None]], object]:
    async def run(pilot: Pilot[None]) -> None:
        await analyzed(pilot)
        await until(lambda: len(rows(pilot, "#changes")) > 1, "content")
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        await pilot.pause(0.2)

    return run


async def watch(pilot: Pilot[None]) -> None:
    await analyzed(pilot)
    await until(lambda: pilot.app.why_not("upgrade.plan") is None, "a plan")
    await pilot.press("w")
    await until(lambda: bool(pilot.app.screen.query("#steps")), "its screen")
    await until(lambda: len(rows(pilot, "#steps")) == len(PLAN.steps), "its steps")
    await pilot.press("j", "j", "j")
    await pilot.pause(0.1)


@SIZES
def test_as_it_is(snap_compare: Compare, make_app: MakeApp, size: tuple[int, int]) -> None:
    assert snap_compare(make_app(), terminal_size=size, run_before=steps("j"))


@SIZES
def test_a_change(snap_compare: Compare, size: tuple[int, int]) -> None:
    # Retire 3.11.7, try nearest: what moves has been asked about before.
    keys = ("j", "j", "j", "j", "space", "p")
    assert snap_compare(planned(), terminal_size=size, run_before=steps(*keys))


@SIZES
def test_a_plan(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(planned(), terminal_size=size, run_before=watch)


@pytest.mark.parametrize("terminal", [PLAIN, Terminal(many_colors=False)], ids=["plain", "sixteen"])
def test_looks(snap_compare: Compare, terminal: Terminal) -> None:
    keys = ("j", "j", "j", "j", "space", "p")
    assert snap_compare(planned(terminal), terminal_size=(80, 24), run_before=steps(*keys))


def test_a_plan_without_colour(snap_compare: Compare) -> None:
    assert snap_compare(planned(PLAIN), terminal_size=(80, 24), run_before=watch)


async def test_every_action_of_a_plan_says_why_it_is_not_possible() -> None:
    app = planned()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await watch(pilot)
        assert "chat-[b]summaries" in screen_text(pilot.app)
        assert "torch 1.13.1 does not support" in text(pilot, "#change")
        reasons = {
            name: app.why_not(f"upgrade_plan.{name}")
            for name in ("build", "retry", "resume", "stop", "abandon", "roll_back")
        }
        assert reasons == {
            "build": None,
            "retry": "it is running",
            "resume": "it is running",
            "stop": None,
            "abandon": "it is running; c stops it",
            "roll_back": "it has no new environment",
        }
        await pilot.press("x")
        await until(lambda: bool(messages(pilot)), "an answer")
        assert app.source.desk.deeds == ["stop"]
        await pilot.press("j")
        assert app.why_not("upgrade_plan.build") == "it was not built yet"
