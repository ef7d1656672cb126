"""A Connect server in the interface: chosen at the top, shown, and never changed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest
from textual.pilot import Pilot

from pysteward.core.remotes.connect import ConnectServer as Configured, ServerStore
from pysteward.core.server import Server
from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.connect import ConnectBackend
from pysteward.tui.app.demo import DemoBackend
from pysteward.tui.start import Source
from pysteward.tui.terminal.capabilities import Terminal
from tests.support.connect_content import bundle_bytes, dash_app
from tests.support.connect_server import (
    ADMINISTRATOR,
    ConnectServer,
    Content,
    Job,
    answering,
    running,
)
from tests.support.interface import analyzed, messages, rows, screen_text
from tests.support.waiting import until

LOG = """\
Collecting foo==9
ERROR: Could not find a version that satisfies the requirement foo==9 (from versions: 1.0)
ERROR: No matching distribution found for foo==9
"""


@pytest.fixture
def prod(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ConnectServer]:
    """A Connect server with content, configured as `prod`."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    directory = tmp_path / "connect"
    directory.mkdir()
    with running(ConnectServer(directory)) as server:
        server.add(dash_app(1, "3.11.2", "3.11.6"))
        server.add(dash_app(2, "3.8.10", "3.8.18", owner="bob"))
        server.add(dash_app(3, "3.7.4", has=""))
        job = Job("bad", exit_code=1, log=LOG)
        server.add(Content(4, "pricing", bundle=bundle_bytes("3.11.6"), jobs=[job]))
        ServerStore().add(Configured("prod", server.url, ca=server.ca), ADMINISTRATOR)
        yield server


def app(tmp_path: Path, first: str = "installations") -> StewardApp:
    here = Server(str(tmp_path / "none.toml"), str(tmp_path / "state"))
    return StewardApp(ConnectBackend("prod", here), Terminal(), first=first)


async def opened(pilot: Pilot[Any], tab: str) -> None:
    await analyzed(pilot)
    await pilot.press(tab)
    await pilot.pause()


async def test_the_header_says_which_server_is_shown(prod: ConnectServer, tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=(120, 30)) as pilot:
        await analyzed(pilot)
        top = screen_text(pilot.app).splitlines()[0]
        assert " Connect " in top
        assert "@prod" in top


async def test_its_pythons_are_listed_and_nothing_can_be_run(
    prod: ConnectServer, tmp_path: Path
) -> None:
    async with app(tmp_path).run_test(size=(120, 30)) as pilot:
        await analyzed(pilot)
        listed = zip(rows(pilot), ("3.8.18", "3.10.13", "3.11.6"), strict=True)
        assert all(version in row for row, version in listed)
        await pilot.press("a")
        await until(lambda: bool(messages(pilot)), "a reason")
        assert "which is only read" in messages(pilot)[-1]


async def test_its_content_is_listed_with_what_is_worth_knowing(
    prod: ConnectServer, tmp_path: Path
) -> None:
    async with app(tmp_path).run_test(size=(120, 30)) as pilot:
        await opened(pilot, "3")
        await until(lambda: len(rows(pilot)) == 4, "its content")
        listed = {row.split()[0]: row for row in rows(pilot)}
        assert set(listed) == {"app-1", "app-2", "app-3", "pricing"}
        assert "3.8.18" in listed["app-2"]
        await pilot.press("d")
        await until(lambda: bool(messages(pilot)), "a reason")
        assert "which is only read" in messages(pilot)[-1]


async def test_a_request_is_simulated_against_its_pythons(
    prod: ConnectServer, tmp_path: Path
) -> None:
    async with app(tmp_path).run_test(size=(120, 30)) as pilot:
        await opened(pilot, "2")
        assert "3.10.13" in screen_text(pilot.app)


async def test_a_change_of_its_pythons_is_tried_out(prod: ConnectServer, tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=(120, 30)) as pilot:
        await opened(pilot, "7")
        await until(lambda: len(rows(pilot, "#changes")) == 3, "its content")
        await pilot.press("space")  # 3.8.18 is retired
        await until(lambda: "fails" in rows(pilot, "#changes")[0], "what fails")
        assert "app-2" in rows(pilot, "#changes")[0]


async def test_what_affected_content_asks_for_is_read_and_nothing_else(
    prod: ConnectServer, tmp_path: Path
) -> None:
    prod.add(dash_app(5, "3.10.2", "3.8.18"))
    prod.faults[f"{prod.content[1].guid}/bundles/102/download"] = answering(403)
    async with app(tmp_path).run_test(size=(140, 40)) as pilot:
        await opened(pilot, "7")
        await until(lambda: len(rows(pilot, "#changes")) == 4, "its content")
        assert all("not read" in row for row in rows(pilot, "#changes"))
        await pilot.press("space")  # 3.8.18 is retired
        await until(lambda: "could not be read" in screen_text(pilot.app), "what was not read")
        await until(lambda: any("moves" in row for row in rows(pilot, "#changes")), "its request")
        listed = {row.split()[2]: row for row in rows(pilot, "#changes")}
        assert "moves" in listed["app-5"]
        assert "3.10.2" in listed["app-5"]
        assert "not read" in listed["app-2"]
        assert "stands for what it asks for" in " ".join(screen_text(pilot.app).split())
    asked = {path.split("/")[4] for path in prod.paths() if path.endswith("/download")}
    assert asked == {prod.content[1].guid, prod.content[4].guid}


async def test_a_failed_job_is_chosen_and_diagnosed_beside_its_log(
    prod: ConnectServer, tmp_path: Path
) -> None:
    async with app(tmp_path).run_test(size=(140, 40)) as pilot:
        await opened(pilot, "5")
        await pilot.press("J")
        await until(lambda: "in all" in screen_text(pilot.app), "all failures")
        listed = rows(pilot)
        assert len(listed) == 2
        assert any("no compatible Python" in row for row in listed)
        pricing = next(number for number, row in enumerate(listed) if "pricing" in row)
        await pilot.press("home", *["j"] * pricing, "enter")
        await until(lambda: "foo==9" in screen_text(pilot.app), "the diagnosis")
        await until(lambda: "Collecting foo" in screen_text(pilot.app), "its log")


async def test_there_are_no_builds_and_it_is_said_why(prod: ConnectServer, tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=(120, 30)) as pilot:
        await opened(pilot, "4")
        assert "this is a Connect server" in screen_text(pilot.app)


async def test_a_server_that_fails_is_told_in_a_message(
    prod: ConnectServer, tmp_path: Path
) -> None:
    from tests.support import connect_server as faults

    prod.faults["/v1/content"] = faults.login_page
    async with app(tmp_path).run_test(size=(120, 30)) as pilot:
        await until(lambda: bool(messages(pilot)), "the problem")
        assert "web page" in messages(pilot)[-1]


async def test_another_server_is_chosen_from_a_list(prod: ConnectServer, tmp_path: Path) -> None:
    here = Server(str(tmp_path / "none.toml"), str(tmp_path / "state"))
    sources = (
        Source("demo server", "does not exist", lambda: DemoBackend(pause=0)),
        Source("prod", "a server", lambda: ConnectBackend("prod", here)),
    )
    shown = StewardApp(
        DemoBackend(pause=0), Terminal(), sources=lambda: sources, shown="demo server"
    )
    async with shown.run_test(size=(120, 30)) as pilot:
        await analyzed(pilot)
        await pilot.press("@")
        await until(lambda: len(rows(pilot)) == 2, "the list")
        await pilot.press("j", "enter")
        await until(lambda: shown.sources.wanted is not None, "the choice")
    assert shown.sources.wanted is not None
    assert shown.sources.wanted.source.name == "prod"


async def test_a_server_that_cannot_be_opened_leaves_the_present_one(tmp_path: Path) -> None:
    here = Server(str(tmp_path / "none.toml"), str(tmp_path / "state"))
    gone = Source("gone", "a server", lambda: ConnectBackend("gone", here))
    shown = StewardApp(DemoBackend(pause=0), Terminal(), sources=lambda: (gone,), shown="x")
    async with shown.run_test(size=(120, 30)) as pilot:
        await analyzed(pilot)
        await pilot.press("@")
        await until(lambda: len(rows(pilot)) == 1, "the list")
        await pilot.press("enter")
        await until(lambda: "no Connect server" in " ".join(messages(pilot)), "the problem")
        assert shown.sources.wanted is None


def test_in_a_terminal_servers_are_changed_and_the_program_ends_well(prod: ConnectServer) -> None:
    arguments = ["-m", "pysteward.tui", "demo", "--no-tour"]
    child = pexpect.spawn(
        sys.executable, arguments, timeout=60, encoding="utf-8", dimensions=(30, 120)
    )
    child.expect("trainer@connect-1")
    child.send("@")
    child.expect("prod")
    child.send("k\r")
    child.expect("connect@prod")
    child.send("q")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
