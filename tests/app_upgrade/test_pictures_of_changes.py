"""A change as flows, a plan in time."""

from __future__ import annotations

import pytest

from pysteward.core.builds import BuildEntry
from pysteward.core.state.database import BuildRow
from pysteward.core.upgrades import PlanStep, StepState
from pysteward.tui.app.tabs.upgrade.plan_times import columns_of, time_rows, times_of
from pysteward.tui.terminal.capabilities import Terminal
from pysteward.tui.terminal.display import Display
from tests.app_upgrade.conftest import MakeApp
from tests.support.interface import analyzed, screen_text, text
from tests.support.waiting import until


@pytest.mark.parametrize("terminal", [Terminal(), Terminal(unicode=False)])
async def test_what_moves_and_what_fails_is_drawn_as_flows(
    make_app: MakeApp, terminal: Terminal
) -> None:
    app = make_app(terminal)
    display = Display(terminal.unicode)
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        assert "3.11.7 " not in text(pilot, "#flows")
        await pilot.press("j", "j", "j", "j", "space")
        await until(lambda: f"3.11.7 {display.bar}" in text(pilot, "#flows"), "its flows")
        flows = [line.split() for line in text(pilot, "#flows").splitlines()]
        counted = [
            sum(
                int("0" + "".join(filter(str.isdigit, bar)))
                for start, bar, *_ in flows
                if start == "3.11.7"
            )
        ]
        simulation = app.screen.simulation  # pyright: ignore
        moved = [
            change
            for change in simulation.changes
            if str(change.before and change.before.version) == "3.11.7"
        ]
        assert counted == [len(moved)]
        failing = [line for line in text(pilot, "#flows").splitlines() if "no match" in line]
        assert failing
        assert all(f"{display.bad} no match" in line for line in failing)
        if not terminal.unicode:
            assert screen_text(app).isascii()


def entry(build: str, started: str, finished: str | None) -> BuildEntry:
    row = BuildRow(
        build, build, "", "running", False, None, None, None, None, None, started, finished
    )
    return BuildEntry(row, None)


def test_builds_beside_each_other_lie_below_each_other() -> None:
    steps = [
        PlanStep("a", "broken", "", state=StepState.DONE, build="1"),
        PlanStep("b", "broken", "", state=StepState.BUILDING, build="2"),
        PlanStep("c", "broken", "", state=StepState.WAITING),
    ]
    times = times_of(
        [
            entry("1", "2025-01-15T09:00:00Z", "2025-01-15T09:00:50Z"),
            entry("2", "2025-01-15T09:00:25Z", None),
            entry("9", "2025-01-15T08:00:00Z", None),
        ],
        steps,
    )
    now = times["1"][0] + 100
    rows = time_rows(steps, times, now, Display(), 41)
    first, second, third = (row.cells[2].text for row in rows)
    assert first == "━" * 21
    assert second == " " * 10 + "━" * 30 + "▶"
    assert third == ""
    assert [row.cells[3].text.strip() for row in rows] == ["50s", "1m15", "-"]
    assert columns_of(times, now, 41)[2].title.split() == ["0s", "1m40"]
