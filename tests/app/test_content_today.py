"""Content against the installations and the policy of today, and its way back."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from pysteward.core.builds import find_content
from pysteward.core.content import ContentStatus, TodaysMatching, deploy
from pysteward.core.matching import Policy, match, parse_request
from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.dialogs.confirm import Confirm
from pysteward.tui.app.tabs.content.detail import detail_of
from pysteward.tui.services.backend import LocalBackend
from pysteward.tui.terminal.capabilities import Terminal
from pysteward.tui.terminal.display import Display
from tests.support.installation import Installation, copy_installation
from tests.support.interface import is_shown, messages, rows, text
from tests.support.server import SampleServer
from tests.support.waiting import until


@pytest.fixture
def unmanaged(server: SampleServer) -> SampleServer:
    """A server on which nothing is installed, so that a build is done at once."""
    server.lines.append("environment-management = false")
    return server


def app_on(server: SampleServer) -> StewardApp:
    return StewardApp(LocalBackend(server.configured), Terminal(), first="content")


async def listed(pilot: Pilot[None]) -> None:
    await until(lambda: not pilot.app.session.analyzing, "analysis")
    await until(lambda: bool(rows(pilot)), "content")


def deployed(server: SampleServer, name: str, requirements: str = "alpha\n") -> None:
    shutil.rmtree(server.directory / "bundles" / name, ignore_errors=True)
    build = server.end(deploy(server.configured, server.bundle(name, requirements), name))
    assert build.outcome == "succeeded", build.findings


async def test_content_whose_python_is_no_longer_configured_is_marked(
    unmanaged: SampleServer, tmp_path: Path
) -> None:
    deployed(unmanaged, "app")
    unmanaged.installations = [tmp_path / "nothing"]
    async with app_on(unmanaged).run_test(size=(120, 40)) as pilot:
        await listed(pilot)
        await until(lambda: "retired" in rows(pilot)[0], "the mark")
        assert "is no longer configured" in text(pilot)
        assert "Deployed today it would match nothing" in text(pilot)
        assert "b rebuilds it" in text(pilot)
        assert pilot.app.why_not("content.rebuild_changed") is None


async def test_content_whose_python_is_gone_is_marked_without_a_new_start(
    unmanaged: SampleServer, installation: Installation, tmp_path: Path
) -> None:
    mine = copy_installation(installation, tmp_path / "mine")
    unmanaged.installations = [mine.directory]
    deployed(unmanaged, "app")
    app = app_on(unmanaged)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await listed(pilot)
        await until(lambda: "same" in rows(pilot)[0], "no mark")
        assert app.why_not("content.rebuild_changed") == "no content is out of date"
        mine.directory.rename(tmp_path / "gone")
        await pilot.press("ctrl+r")
        await until(lambda: "broken" in rows(pilot)[0], "the mark")
        assert f"is gone: {mine.directory}" in text(pilot)


async def test_content_that_would_get_another_python_today_is_marked(
    server: SampleServer, unmanaged: SampleServer, installation: Installation, tmp_path: Path
) -> None:
    deployed(unmanaged, "app")
    # The same version elsewhere, and before it: a new deploy takes the first.
    copy = tmp_path / "copy"
    shutil.copytree(installation.directory, copy, symlinks=True)
    unmanaged.installations = [copy, installation.directory]
    async with app_on(unmanaged).run_test(size=(120, 40)) as pilot:
        await listed(pilot)
        await until(lambda: "another" in rows(pilot)[0], "the mark")
        assert "Deployed today it would get another Python" in text(pilot)
        assert "A rebuild keeps its Python" in text(pilot)


def test_content_that_was_put_back_is_not_said_to_keep_its_python(unmanaged: SampleServer) -> None:
    deployed(unmanaged, "app")
    content = find_content(unmanaged.state_dir, "app")
    put_back = replace(content, put_back=content.updated)
    decision = match(parse_request("3.8.0"), (), Policy.NEAREST)
    said = [
        "\n".join(
            line.content.plain
            for line in detail_of(ContentStatus(each, would_get=decision), Display(), 0.0)
        )
        for each in (content, put_back)
    ]
    assert "A rebuild keeps its Python" in said[0]
    assert "It was rolled back, and stays so" not in said[0]
    assert "A rebuild keeps its Python" not in said[1]
    assert "It was rolled back, and stays so" in said[1]


def test_each_request_is_decided_once(
    monkeypatch: pytest.MonkeyPatch, unmanaged: SampleServer
) -> None:
    for name in ("one", "two", "three"):
        deployed(unmanaged, name)
    today = TodaysMatching(unmanaged.configured.analysis().installations, "nearest")
    asked: list[str] = []
    decide = today._matcher.decide
    monkeypatch.setattr(
        today._matcher, "decide", lambda request: (asked.append(request.text), decide(request))[1]
    )
    for name in ("one", "two", "three"):
        assert today.would_get(find_content(unmanaged.state_dir, name)) is None
    assert asked == ["3.8.0"]


async def test_content_is_put_back_on_its_environment_before(server: SampleServer) -> None:
    deployed(server, "app")
    before = find_content(server.state_dir, "app").environment
    app = app_on(server)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await listed(pilot)
        assert app.why_not("content.roll_back") == "it has no previous environment"
        await pilot.press("u")
        await until(lambda: "Not possible: it has no previous" in str(messages(pilot)))

        deployed(server, "app", "beta\n")
        assert find_content(server.state_dir, "app").environment != before
        await until(lambda: app.why_not("content.roll_back") is None, "a way back")
        assert "u rolls back to it" in text(pilot)
        await pilot.press("u")
        await until(lambda: is_shown(app.screen, Confirm), "a question")
        await pilot.press("n")
        assert find_content(server.state_dir, "app").environment != before
        await pilot.press("u")
        await until(lambda: is_shown(app.screen, Confirm), "a question")
        await pilot.press("y")
        await until(lambda: find_content(server.state_dir, "app").environment == before, "put back")
        await until(lambda: "rolled back" in rows(pilot)[0], "the mark")
        assert "It was rolled back, and stays so" in text(pilot)

        after = find_content(server.state_dir, "app").previous
        assert after is not None
        shutil.rmtree(after.path)
        await pilot.press("ctrl+r")
        gone = f"its previous environment is not complete any more: {after.path}"
        await until(lambda: app.why_not("content.roll_back") == gone, "no way back")
