"""What is said when the interface is left, and what is copied before."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from pysteward.core.builds import list_builds
from pysteward.core.processes import batch
from pysteward.tui.app import background
from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.demo import DemoBackend
from pysteward.tui.launch import Shown, stay
from pysteward.tui.terminal import clipboard
from pysteward.tui.terminal.capabilities import Terminal
from tests.app.conftest import MakeApp
from tests.support.interface import analyzed, messages
from tests.support.server import SampleServer, runs_command
from tests.support.terminal import PYSTEWARD, terminal
from tests.support.waiting import until, wait_for


@pytest.fixture(autouse=True)
def _directory_of_our_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    clipboard._directory.cache_clear()


@pytest.mark.parametrize(
    ("running", "said"), [(0, ""), (1, "1 build continues"), (3, "3 builds continue")]
)
def test_leaving_says_that_builds_go_on(
    running: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Busy(DemoBackend):
        def running_builds(self) -> int:
            return running

    # The program of the other tests goes on: it is running interpreters.
    monkeypatch.setattr(batch, "_program_ends", threading.Event())
    monkeypatch.setattr(StewardApp, "run", lambda _self: None)
    assert stay(Shown(Busy(), "demo", None), Terminal()) == 0
    shown = capsys.readouterr().err
    assert said in shown if said else shown == ""


async def test_a_copy_is_kept_in_a_file_of_ones_own(make_app: MakeApp, tmp_path: Path) -> None:
    app = make_app()
    async with app.run_test():
        said = clipboard.copy(app, "pip install x", "the remedy", Terminal())
        file = tmp_path / "pysteward-copied.txt"
        assert str(file) in said
        assert file.read_text() == "pip install x"
        assert file.stat().st_mode & 0o777 == 0o600
        assert app.clipboard == "pip install x"


async def test_what_is_too_much_for_a_terminal_goes_to_the_file(
    make_app: MakeApp, tmp_path: Path
) -> None:
    app = make_app()
    async with app.run_test():
        said = clipboard.copy(app, "x" * 80_000, "the log", Terminal())
        assert said.startswith("Too much for a clipboard (80,000 bytes)")
        assert (tmp_path / "pysteward-copied.txt").stat().st_size == 80_000
        assert app.clipboard == ""


async def test_inside_tmux_its_own_command_copies(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[list[str], bytes]] = []

    def run(argv: list[str], **given: Any) -> subprocess.CompletedProcess[bytes]:
        calls.append((argv, given["input"]))
        return subprocess.CompletedProcess(argv, len(calls) - 1)

    monkeypatch.setattr(subprocess, "run", run)
    app = make_app()
    async with app.run_test():
        assert "through tmux" in clipboard.copy(app, "grüße", "it", Terminal(tmux=True))
        assert calls == [(["tmux", "load-buffer", "-w", "-"], "grüße".encode())]
        # Where tmux refuses, the terminal itself is asked.
        assert "OSC 52" in clipboard.copy(app, "again", "it", Terminal(tmux=True))


async def test_a_mistake_of_ours_is_one_line_without_variables(
    make_app: MakeApp, capsys: pytest.CaptureFixture[str]
) -> None:
    app = make_app()

    async def fail(password: str = "hunter2") -> None:
        async with app.run_test() as pilot:
            app.call_later(lambda password=password: 1 // 0)
            await pilot.pause(0.2)

    with pytest.raises(ZeroDivisionError):
        await fail()
    said = capsys.readouterr()
    assert "ZeroDivisionError" in said.err
    assert "hunter2" not in said.err + said.out
    assert "Traceback" not in said.err + said.out


async def test_what_changes_something_is_finished_before_the_program_ends(
    make_app: MakeApp,
) -> None:
    app, may_end, done = make_app(), threading.Event(), list[str]()
    waited = list[str]()

    def change() -> None:
        may_end.wait(20)
        done.append("done")

    def waits() -> None:
        waited.append("waits")
        may_end.set()

    async with app.run_test():
        background.call(app, change, done.append, must_finish=True)
    background.finish_all(waits, patience=0.05)
    assert (done, waited) == (["done"], ["waits"])


async def test_what_the_system_refuses_is_a_message_and_no_traceback(
    make_app: MakeApp, tmp_path: Path
) -> None:
    app = make_app()
    async with app.run_test(notifications=True) as pilot:
        await analyzed(pilot)
        background.call(
            app,
            (tmp_path / "missing").read_bytes,
            lambda _: None,
            lambda problem: app.say(str(problem), problem=True),
        )
        await until(lambda: "No such file" in str(messages(pilot)), "the reason")


async def test_a_mistake_elsewhere_ends_the_program_in_order(make_app: MakeApp) -> None:
    app = make_app()

    async def fail() -> None:
        async with app.run_test() as pilot:
            background.call(app, lambda: 1 // 0, lambda _: None, lambda _: None)
            await pilot.pause(0.5)

    with pytest.raises(ZeroDivisionError):
        await fail()


@pytest.mark.terminal
def test_leaving_during_the_analysis_leaves_nothing_behind(tmp_path: Path) -> None:
    python = tmp_path / "slow" / "bin" / "python3"
    python.parent.mkdir(parents=True)
    # In a namespace of its own it has another number than here, so it is known by its command.
    started, seconds = tmp_path / "started", f"600.{os.getpid()}"
    python.write_text(f"#!/bin/sh\ntouch {started}\nexec sleep {seconds}\n")
    python.chmod(0o755)
    settings = tmp_path / "a.toml"
    settings.write_text(f'[python]\nenabled = true\nexecutables = ["{tmp_path}/slow"]\n')
    settings.chmod(0o600)
    arguments = ["--config", str(settings), "--state-dir", str(tmp_path / "state")]
    with terminal(arguments) as shown:
        shown.wait_for("Quit")
        shown.wait_for(started.exists)
        began = time.monotonic()
        shown.press("q")
        assert shown.end() == 0
        # Its deadline would be ten seconds; the machine may be busy.
        assert time.monotonic() - began < 5
        assert "Traceback" not in shown.text
    wait_for(lambda: not runs_command("sleep", seconds), seconds=10)


async def test_reading_the_settings_again_does_not_hold_up_the_keys(make_app: MakeApp) -> None:
    class Slow(DemoBackend):
        def __init__(self) -> None:
            super().__init__(pause=0)
            self.may_end = threading.Event()
            self.times = 0

        why_read_only = None

        def reread(self) -> object:
            self.times += 1
            self.may_end.wait(20)
            return self.opening()

    source = Slow()
    app = make_app(source)
    async with app.run_test(notifications=True) as pilot:
        await analyzed(pilot)
        await pilot.press("ctrl+r")
        assert app.session.analyzing
        await pilot.press("ctrl+r", "question_mark")
        assert app.screen.__class__.__name__ == "HelpScreen"
        source.may_end.set()
        await until(lambda: not app.session.analyzing, "the settings")
        assert source.times == 1


@pytest.mark.terminal
def test_a_terminal_that_is_lost_while_a_build_begins_leaves_a_whole_record(
    server: SampleServer,
) -> None:
    bundle = server.bundle()
    arguments = server.command()[len((*PYSTEWARD,)) :]
    with terminal(arguments, size=(120, 40)) as shown:
        shown.wait_for("1 Installations")
        shown.press("3")
        shown.wait_for("Nothing is deployed")
        shown.press("d")
        shown.wait_for("Deploy a bundle")
        shown.press(str(bundle))
        shown.wait_for("Enter deploys it")
        shown.press("\r")
        # Its directory is there, and next to nothing in it.
        wait_for(lambda: any(server.state_dir.glob("builds/*")))
        shown.drop()
        wait_for(lambda: not shown.child.isalive(), seconds=30)
    (row,) = list_builds(server.state_dir)
    assert server.end(server.record(row.id).build()).outcome == "succeeded"
