"""What is said when the interface is left, and what is copied before."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pysteward.tui import clipboard
from pysteward.tui.app import StewardApp, run_app
from pysteward.tui.demo import DemoSource
from pysteward.tui.terminal import Terminal
from tests.tui.conftest import MakeApp


@pytest.fixture(autouse=True)
def _folder_of_our_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    clipboard._folder.cache_clear()


@pytest.mark.parametrize(("running", "said"), [(0, ""), (1, "1 build goes on"), (3, "3 builds go")])
def test_leaving_says_that_builds_go_on(
    running: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Busy(DemoSource):
        def running_builds(self) -> int:
            return running

    monkeypatch.setattr(StewardApp, "run", lambda _self: None)
    assert run_app(Busy(), Terminal()) == 0
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

    def run(argv: list[str], *, input: bytes, **_: object) -> subprocess.CompletedProcess[bytes]:  # noqa: A002
        calls.append((argv, input))
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
