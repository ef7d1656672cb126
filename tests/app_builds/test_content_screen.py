"""The screen of content: what was deployed, deploying, rebuilding, what has changed since."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from pysteward.core.builds import list_builds
from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.tabs.builds.build_screen import BuildScreen
from pysteward.tui.app.tabs.builds.screen import BuildsScreen
from pysteward.tui.app.tabs.content.table import COLUMNS
from pysteward.tui.app.tabs.simulator.screen import SimulatorScreen
from pysteward.tui.app.widgets.columns import Cell, Row, needs_of, widths_of
from pysteward.tui.app.widgets.table import Table
from pysteward.tui.services.backend import LocalBackend
from pysteward.tui.terminal.capabilities import Terminal
from tests.app_builds.conftest import MakeDesk
from tests.app_builds.records import ASKED, write_build
from tests.support.interface import is_shown, screen_text, until_shown
from tests.support.server import SampleServer
from tests.support.waiting import until


async def test_content_is_listed_with_request_python_and_outcome(
    state: Path, make_desk: MakeDesk
) -> None:
    write_build(state, 1, content="dashboard[x]")
    async with make_desk("content").run_test(size=(200, 60)) as pilot:
        await until_shown(pilot.app, "dashboard[x]")
        row = next(
            line
            for line in screen_text(pilot.app).splitlines()
            if "dashboard[x]" in line.split("│")[0]
        )
        assert "3.11.2" in row
        assert "3.11.7" in row
        assert "failed" in row


async def test_a_mark_says_that_settings_have_changed_since(
    state: Path, make_desk: MakeDesk, context: SimpleNamespace
) -> None:
    prohibited = context.settings.effective_prohibited
    same = replace(ASKED, prohibited=prohibited)
    write_build(state, 1, content="same", asked=same)
    write_build(state, 2, content="other", asked=replace(same, matching="exact"))
    async with make_desk("content").run_test(size=(120, 40)) as pilot:
        await until_shown(pilot.app, "matching was exact, is nearest")
        assert pilot.app.screen.outdated == ["other"]


async def test_the_last_build_is_one_key_away(state: Path, make_desk: MakeDesk) -> None:
    write_build(state, 1)
    async with make_desk("content").run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "dashboard")
        await pilot.press("l")
        await until(lambda: is_shown(pilot.app.screen, BuildScreen))


async def test_a_filter_leaves_the_content_that_holds_it(state: Path, make_desk: MakeDesk) -> None:
    write_build(state, 1, content="apples")
    write_build(state, 2, content="pears")
    async with make_desk("content").run_test(size=(80, 24)) as pilot:

        def names() -> list[str]:
            return sorted(row.key for row in pilot.app.screen.query_one(Table).rows)

        await until(lambda: names() == ["apples", "pears"])
        await pilot.press("slash", *"pear", "enter")
        assert names() == ["pears"]
        await pilot.press("slash", *"x", "enter")
        await until_shown(pilot.app, "No content matches the filter.")
        await pilot.press("escape")
        assert names() == ["apples", "pears"]


async def test_a_contents_request_is_taken_to_the_simulator(
    state: Path, make_desk: MakeDesk
) -> None:
    write_build(state, 1)
    async with make_desk("content").run_test(size=(80, 24)) as pilot:
        await until(lambda: pilot.app.why_not("content.simulate") is None)
        await pilot.press("m")
        await until(lambda: is_shown(pilot.app.screen, SimulatorScreen))
        await until_shown(pilot.app, "▼2")


async def test_content_is_removed_with_its_records_after_a_question(
    state: Path, make_desk: MakeDesk
) -> None:
    write_build(state, 1, content="apples")
    write_build(state, 2, content="pears")
    async with make_desk("content").run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "pears")
        await pilot.press("delete", "n")
        assert len(list_builds(state)) == 2
        await pilot.press("delete")
        await until_shown(pilot.app, "Remove this content?")
        await pilot.press("y")
        await until(lambda: [build.content for build in list_builds(state)] == ["pears"])
        await until(lambda: len(pilot.app.screen.query_one(Table).rows) == 1)


async def test_a_bundle_that_is_no_longer_kept_is_said(
    state: Path, make_desk: MakeDesk, context: SimpleNamespace
) -> None:
    same = replace(ASKED, prohibited=context.settings.effective_prohibited)
    write_build(state, 1, asked=same)
    async with make_desk("content").run_test(size=(120, 40)) as pilot:
        await until_shown(pilot.app, "is not kept")


async def test_with_python_disabled_nothing_is_deployed(
    state: Path, make_desk: MakeDesk, context: SimpleNamespace
) -> None:
    context.settings = replace(context.settings, enabled=False)
    async with make_desk("content").run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "Nothing is deployed")
        assert pilot.app.why_not("content.deploy") == "Python is not enabled in the settings"


@pytest.fixture
def unmanaged(server: SampleServer) -> SampleServer:
    """A server on which nothing is installed, so that a build is done at once."""
    server.lines.append("environment-management = false")
    return server


def app_on(server: SampleServer, first: str = "content") -> StewardApp:
    return StewardApp(LocalBackend(server.configured), Terminal(), first=first)


async def test_a_bundle_is_deployed_rebuilt_and_shown_with_what_is_prohibited(
    unmanaged: SampleServer,
) -> None:
    bundle = unmanaged.bundle("app", "requests[security]>=2.0\nappnope==0.1\n")
    async with app_on(unmanaged).run_test(size=(120, 40), notifications=True) as pilot:
        app = pilot.app
        await until_shown(app, "Nothing is deployed yet")
        await pilot.press("d")
        app.focused.value = str(bundle)
        await pilot.press("enter")
        await until_shown(app, "app asks for Python 3.8.0: gets 3.11.7 by rule")
        await until_shown(app, "Enter deploys it")
        await pilot.press("enter")
        await until(lambda: is_shown(app.screen, BuildScreen))
        assert [build.content for build in list_builds(unmanaged.state_dir)] == ["app"]
        await until_shown(app, "succeeded")
        await pilot.press("escape", "3")
        await until_shown(app, "requests[security]>=2.0")
        await until_shown(app, "appnope==0.1  (prohibited, skipped)")
        unmanaged.lines.append('prohibited-packages = ["requests"]')
        unmanaged.settings()
        await pilot.press("ctrl+r")
        await until_shown(app, "✗ requests[security]>=2.0  (prohibited,")
        await pilot.press("b")
        await until_shown(app, "Rebuild this content?")
        await pilot.press("y")
        await until(lambda: is_shown(app.screen, BuildScreen))
        assert len(list_builds(unmanaged.state_dir)) == 2


async def test_a_build_is_retried(unmanaged: SampleServer) -> None:
    bundle = unmanaged.bundle()
    assert unmanaged.run("deploy", bundle).returncode == 0
    async with app_on(unmanaged, "builds").run_test(size=(120, 40)) as pilot:
        await until_shown(pilot.app, "succeeded")
        await pilot.press("r", "y")
        await until(lambda: len(list_builds(unmanaged.state_dir)) == 2)
        await until(lambda: is_shown(pilot.app.screen, BuildScreen))


async def test_a_build_is_retried_from_its_own_screen(unmanaged: SampleServer) -> None:
    assert unmanaged.run("deploy", unmanaged.bundle()).returncode == 0
    async with app_on(unmanaged, "builds").run_test(size=(120, 40)) as pilot:
        app = pilot.app
        await until_shown(app, "succeeded")
        await pilot.press("enter")
        await until(lambda: is_shown(app.screen, BuildScreen))
        await until(lambda: app.why_not("build.retry") is None)
        first = app.screen
        await pilot.press("r")
        await until_shown(app, "Run this build again?")
        await pilot.press("n")
        assert app.screen is first
        assert len(list_builds(unmanaged.state_dir)) == 1
        await pilot.press("r", "y")
        await until(lambda: is_shown(app.screen, BuildScreen) and app.screen is not first)
        await until_shown(app, "succeeded")
        assert len(list_builds(unmanaged.state_dir)) == 2
        await pilot.press("escape")
        await until(lambda: is_shown(app.screen, BuildsScreen))


async def test_all_content_that_settings_have_changed_for_is_rebuilt(
    unmanaged: SampleServer,
) -> None:
    for name in ("one", "two"):
        assert unmanaged.run("deploy", unmanaged.bundle(name)).returncode == 0
    unmanaged.lines.append('prohibited-packages = ["zeta"]')
    async with app_on(unmanaged).run_test(size=(120, 40)) as pilot:
        await until_shown(pilot.app, "prohibited since: zeta")
        await pilot.press("B")
        await until_shown(pilot.app, "Rebuild all 2?")
        assert "Each keeps its Python" in screen_text(pilot.app)
        await pilot.press("y")
        await until(lambda: len(list_builds(unmanaged.state_dir)) == 4)
        await until_shown(pilot.app, "same")


async def test_a_bundle_that_cannot_be_used_is_refused_before_it_is_deployed(
    state: Path, make_desk: MakeDesk
) -> None:
    Path("broken").mkdir()
    Path("broken/manifest.json").write_text(json.dumps({"version": 1})[:-2])
    async with make_desk("content").run_test(size=(120, 40)) as pilot:
        await until_shown(pilot.app, "Nothing is deployed")
        await pilot.press("d")
        pilot.app.focused.value = "broken"
        await pilot.press("enter")
        await until_shown(pilot.app, "manifest.json:1")
        await pilot.press("escape")
        assert not list_builds(state)


def test_in_few_columns_names_are_told_before_requests() -> None:
    texts = ("a-long-name-of-a-dashboard", "3.11.2", "3.11.7", "✓ succeeded", "✓ yes", "same", "?")
    row = Row("1", tuple(map(Cell, texts)))
    needs = needs_of(COLUMNS, (row,))
    for width, has_request, has_starts in (
        (60, False, False),
        (80, False, True),
        (100, True, True),
    ):
        name, request, _, _, starts, *_ = widths_of(COLUMNS, needs, width)
        assert (name >= 20, request > 0, starts > 0) == (True, has_request, has_starts)
