"""While the last upgrade is not finished, no other is begun, and the screen says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pysteward.core.upgrades import PlanFile, StepState
from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.tabs.upgrade import operations
from pysteward.tui.terminal.capabilities import Terminal
from tests.app_upgrade.desk import PLAN, Desk, Planned
from tests.support.interface import analyzed
from tests.support.waiting import until

_UNFINISHED = "the last upgrade is not finished; w shows it, to continue or abandon it"


async def test_an_unfinished_upgrade_bars_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "_CHECK_SECONDS", 0.02)
    desk = Desk(PLAN, is_driven=False, file=PlanFile(tmp_path / "plan.json"))
    app = StewardApp(Planned(desk), Terminal(), first="upgrade")
    async with app.run_test(size=(80, 24)) as pilot:
        await analyzed(pilot)
        await until(lambda: app.why_not("upgrade.apply") == _UNFINISHED)
        # Somewhere else it is gone on with, and ends.
        done = tuple(replace(step, state=StepState.DONE) for step in PLAN.steps)
        desk.plan = replace(PLAN, steps=done)
        await until(lambda: app.why_not("upgrade.apply") != _UNFINISHED)
        assert app.why_not("upgrade.plan") is None
