"""The Servers tab: rows as they come, and nothing waits for a server that hangs."""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot

from pysteward.core.errors import RemoteError
from pysteward.core.remotes.ssh import ServerFleet, ServerRow, SshServer
from pysteward.core.server import Server
from pysteward.core.services import PythonRow, ServerOverview
from pysteward.core.versions import PythonVersion
from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.demo import DemoBackend
from pysteward.tui.start import Visit
from pysteward.tui.terminal.capabilities import Terminal
from tests.support.interface import analyzed, messages, rows, screen_text
from tests.support.ssh_servers import SSHD, program, running
from tests.support.terminal import terminal
from tests.support.waiting import until

PYTHON = PythonRow("/opt/python/3.11.6", PythonVersion.parse("3.11.6"), True)
OVERVIEW = ServerOverview(
    "1.0", "root", "/var/lib/pysteward", None, "nearest", (PYTHON,), {}, 12, 1, 2, 5, 3_000_000
)


class Fleet(ServerFleet):
    """Twenty servers of which five answer only when they are let go."""

    def __init__(self) -> None:
        super().__init__(Server())
        self.go = Event()
        self.rows = [ServerRow(SshServer(f"s{number:02}", "h")) for number in range(20)]
        self.rows[0] = replace(self.rows[0], overview=OVERVIEW, at=time.time() - 7200)

    def list(self) -> tuple[SshServer, ...]:
        return tuple(row.server for row in self.rows)

    def remembered(self) -> tuple[ServerRow, ...]:
        return tuple(self.rows)

    def survey(self) -> Generator[ServerRow]:
        for row in self.rows[5:]:
            yield replace(row, overview=OVERVIEW, at=time.time(), is_now=True)
        self.go.wait(60)
        problem = RemoteError("s: no complete answer after 10 seconds", code="remote-too-slow")
        for row in self.rows[:5]:
            yield replace(row, problem=problem)


@pytest.fixture
def app() -> StewardApp:
    source = DemoBackend(pause=0)
    source.servers = Fleet()
    return StewardApp(source, Terminal(), first="servers")


def fleet_of(app: StewardApp) -> Fleet:
    assert isinstance(app.source.servers, Fleet)
    return app.source.servers


async def asked(pilot: Pilot[Any]) -> None:
    await analyzed(pilot)
    await until(lambda: sum(" ok " in row for row in rows(pilot)) == 15, "those that answer")


async def test_rows_are_there_while_others_hang(app: StewardApp) -> None:
    async with app.run_test(size=(140, 40)) as pilot:
        await asked(pilot)
        waiting = [row for row in rows(pilot) if "asking" in row]
        assert len(waiting) == 5
        assert "2 h old" in waiting[0]
        begun = time.monotonic()
        await pilot.press("j", "j", "1", "8")
        assert time.monotonic() - begun < 5
        fleet_of(app).go.set()
        await until(lambda: not any("asking" in row for row in rows(pilot)), "all rows")
        assert sum("no answer" in row for row in rows(pilot)) == 5
        assert "no answer, 2 h old" in rows(pilot)[0]
        assert "1 running, 2 failed" in rows(pilot)[0]


async def test_the_program_ends_while_servers_hang(app: StewardApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await asked(pilot)
        begun = time.monotonic()
        await pilot.press("q")
    assert time.monotonic() - begun < 5
    fleet_of(app).go.set()


async def test_enter_leaves_the_terminal_to_the_server(app: StewardApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await asked(pilot)
        await pilot.press("enter")
        await until(lambda: app.sources.wanted is not None, "the visit")
    fleet_of(app).go.set()
    assert app.sources.wanted == Visit(("ssh", "-t", "--", "h", "pysteward"), "s00", "servers")


async def test_what_is_not_there_says_why() -> None:
    shown = StewardApp(DemoBackend(pause=0), Terminal(), first="servers")
    async with shown.run_test(size=(120, 30)) as pilot:
        await analyzed(pilot)
        assert "this is the demonstration" in screen_text(pilot.app)
        await pilot.press("a")
        await until(lambda: bool(messages(pilot)), "a reason")
        assert "this is the demonstration" in messages(pilot)[-1]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: an sshd in a mount namespace")
@pytest.mark.skipif(not os.path.exists(SSHD), reason="needs OpenSSH's server")
@pytest.mark.terminal
def test_in_a_terminal_a_server_is_opened_left_and_looked_at(tmp_path: Path) -> None:
    settings = tmp_path / "far.toml"
    python = "executables = ['/usr/bin/python3']\nenvironment-creator = 'bundled'\n"
    settings.write_text(f"[python]\nenabled = true\n{python}")
    with running(tmp_path / "s") as servers:
        place = program(tmp_path / "bin", settings, tmp_path / "there")
        servers.add("far", path=f"{place}:/usr/bin:/bin")
        servers.add_silent("quiet")  # nothing waits for it
        here = tmp_path / "near.toml"
        here.write_text(
            "[python]\nenabled = true\nserver-timeout = 60\n" + servers.file.read_text()
        )
        command = servers.command(["--config", str(here), "--state-dir", str(tmp_path / "state")])
        variables = servers.variables(servers.home)
        with terminal((), program=command, size=(120, 30), environ=variables) as shown:
            shown.wait_for("near.toml", 60)
            shown.press("8")
            shown.wait_for("root, ", 60)
            shown.press("\r")
            shown.wait_for("far.toml", 60)
            shown.wait_for("1/1 usable ", 60)  # its analysis is over
            shown.press("q")
            shown.wait_for("near.toml", 60)
            shown.wait_for("root, ", 60)
            shown.press("i")
            shown.wait_for("ssh@far", 60)
            shown.press("q")
            assert shown.end() == 0
