"""From the preflight to the plan, on a real server: asked, watched, left, come back to."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from pysteward.core.builds import find_content
from pysteward.core.content import deploy
from pysteward.core.settings import load
from pysteward.core.upgrades import StepState, last_plan
from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.dialogs.confirm import Confirm
from pysteward.tui.app.tabs.upgrade.plan_screen import UpgradePlanScreen
from pysteward.tui.app.tabs.upgrade.screen import UpgradeScreen
from pysteward.tui.app.widgets.field import Field
from tests.app_upgrade.conftest import MakeApp
from tests.support.installation import Installation
from tests.support.interface import analyzed, is_shown, messages, rows, text
from tests.support.server import SampleServer
from tests.support.waiting import until
from tests.support.wheels import make_wheel

LONG = 300  # seconds: builds take their time


@pytest.fixture
def wheels(server: SampleServer, tmp_path: Path) -> Path:
    server.packages = tmp_path / "wheels"
    make_wheel(server.packages, "alpha")
    return server.packages


def deployed(server: SampleServer, *names: str) -> None:
    for name in names:
        build = server.end(deploy(server.configured, server.bundle(name, "alpha\n")))
        assert build.outcome == "succeeded", build.findings


async def retire_for(pilot: Pilot[None], app: StewardApp, second: Installation) -> None:
    """Retire the only installation; add another by its path."""
    await analyzed(pilot)
    await until(lambda: len(rows(pilot, "#changes")) > 0, "content")
    await pilot.press("space", "plus")
    await pilot.pause()
    app.screen.query_one(Field).value = str(second.directory)
    await pilot.press("enter")
    await until(lambda: len(app.screen.query("#options")) == 1, "the screen again")
    await until(lambda: len(rows(pilot, "#options")) == 2, "the analysis")


async def test_from_preflight_to_plan_and_back(
    server: SampleServer, second: Installation, wheels: Path, real_app: MakeApp
) -> None:
    deployed(server, "app")
    before = find_content(server.state_dir, "app").environment
    app = real_app()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await until(lambda: "all content has" in str(app.why_not("upgrade.apply")), "all well")
        await retire_for(pilot, app, second)
        assert app.why_not("upgrade.apply") is None
        assert rows(pilot, "#changes")[0].split()[1] == "moves"
        await pilot.press("f")
        await until(lambda: "installs" in rows(pilot, "#changes")[0], "prediction", seconds=LONG)
        assert "1 package" in text(pilot, "#change")

        await pilot.press("u")
        await until(lambda: is_shown(app.screen, Confirm), "question")
        asked = text(pilot)
        assert f'-executables = ["{server.installations[0]}"]' in asked.replace("\n", "")
        assert "1 content item moves" in asked
        await pilot.press("n")
        await until(lambda: is_shown(app.screen, UpgradeScreen), "back")
        assert str(server.installations[0]) in load(server.directory / "pysteward.toml").executables

        await pilot.press("u")
        await until(lambda: is_shown(app.screen, Confirm), "question")
        await pilot.press("y")
        await until(lambda: is_shown(app.screen, UpgradePlanScreen), "plan", seconds=LONG)
        assert load(server.directory / "pysteward.toml").executables == (str(second.directory),)
        await until(
            lambda: any("done" in row for row in rows(pilot, "#steps")), "done", seconds=LONG
        )
        await until(lambda: "finished" in text(pilot, "#plan"), "finished")
        assert "retired" in rows(pilot, "#steps")[0]
        # Its driver is there for a moment longer.
        await until(lambda: app.why_not("upgrade_plan.stop") == "it is not running", "its end")
        assert app.why_not("upgrade_plan.retry") == "nothing has failed"
        assert app.why_not("upgrade_plan.resume") == "nothing is left to build"

        await pilot.press("b")
        await until(lambda: is_shown(app.screen, Confirm), "put back?")
        await pilot.press("y")
        await until(lambda: find_content(server.state_dir, "app").environment == before, "put back")
        await pilot.press("escape")
        await until(lambda: is_shown(app.screen, UpgradeScreen), "left")
        assert app.why_not("upgrade.plan") is None
        await pilot.press("w")
        await until(lambda: is_shown(app.screen, UpgradePlanScreen), "come back to")
        await until(lambda: len(rows(pilot, "#steps")) == 1, "its steps")
        await pilot.press("l")
        await until(lambda: app.current_mode == "builds", "its build")


@pytest.mark.full
async def test_a_failed_step_is_shown_and_retried(
    server: SampleServer, second: Installation, wheels: Path, real_app: MakeApp
) -> None:
    deployed(server, "app")
    (wheels / "alpha-1.0-py2.py3-none-any.whl").rename(wheels / "kept")
    server.installations = [second.directory]
    app = real_app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await analyzed(pilot)
        await until(lambda: app.why_not("upgrade.apply") is None, "what lost its Python")
        await pilot.press("u")
        await until(lambda: is_shown(app.screen, Confirm), "question")
        assert "Content keeps its old environment" in text(pilot)
        await pilot.press("y")
        await until(lambda: is_shown(app.screen, UpgradePlanScreen), "plan", seconds=LONG)
        await until(lambda: app.why_not("upgrade_plan.retry") is None, "failure", seconds=LONG)
        assert "alpha" in text(pilot, "#change")
        assert app.why_not("upgrade_plan.roll_back") == "it has no new environment"
        (wheels / "kept").rename(wheels / "alpha-1.0-py2.py3-none-any.whl")
        await pilot.press("t")
        await until(
            lambda: last_plan(server.state_dir).read().has_succeeded, "success", seconds=LONG
        )


@pytest.mark.full
async def test_a_plan_is_stopped_resumed_and_abandoned(
    server: SampleServer, second: Installation, wheels: Path, real_app: MakeApp
) -> None:
    from dataclasses import replace

    from pysteward.core.upgrades import affected_content, start

    deployed(server, "app")
    server.installations = [second.directory]
    file = start(server.configured, affected_content(server.configured))
    app = real_app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await analyzed(pilot)
        await until(lambda: file.read().finished and not file.is_driven(), "its end", seconds=LONG)
        # As a driver leaves it that was killed before it began.
        plan = file.read()
        file.write(
            replace(
                plan,
                finished=None,
                steps=tuple(replace(step, state=StepState.WAITING) for step in plan.steps),
            )
        )
        await until(lambda: app.why_not("upgrade.plan") is None, "a plan")
        await pilot.press("w")
        await until(lambda: app.why_not("upgrade_plan.resume") is None, "stopped")
        await pilot.press("r")
        await until(lambda: file.read().has_succeeded, "resumed", seconds=LONG)
        await until(lambda: not file.is_driven(), "its end", seconds=LONG)
        file.write(
            replace(
                plan,
                finished=None,
                steps=tuple(replace(step, state=StepState.WAITING) for step in plan.steps),
            )
        )
        await until(lambda: app.why_not("upgrade_plan.abandon") is None, "stopped again")
        await pilot.press("D")
        await until(lambda: is_shown(app.screen, Confirm), "question")
        await pilot.press("y")
        await until(lambda: file.read().is_over, "abandoned")
        assert file.read().steps[0].problem == "abandoned"
        assert not [message for message in messages(pilot) if "mistake" in message]
