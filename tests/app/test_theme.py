"""The theme that somebody chooses: tried out, kept for the next time, recalled."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pysteward.core.errors import StateError
from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.demo import DemoBackend
from pysteward.tui.app.theme_file import ThemeMemory, theme_file
from pysteward.tui.terminal.capabilities import Terminal
from tests.support.interface import analyzed, messages, rows
from tests.support.terminal import terminal
from tests.support.waiting import until


def app_with(file: Path, at_hand: Terminal | None = None) -> StewardApp:
    return StewardApp(DemoBackend(pause=0), at_hand or Terminal(), memory=ThemeMemory(file))


async def test_a_chosen_theme_is_there_the_next_time(tmp_path: Path) -> None:
    file = tmp_path / "config" / "pysteward" / "theme"
    app = app_with(file)
    async with app.run_test() as pilot:
        await analyzed(pilot)
        await pilot.press("ctrl+t", "j")
        assert app.theme == "steward-light"
        await pilot.press("enter")
        await until(file.exists, "its file")
    assert file.read_text() == "steward-light\n"
    assert [each.name for each in file.parent.iterdir()] == ["theme"]
    assert app_with(file).theme == "steward-light"


async def test_a_theme_that_is_only_looked_at_is_not_kept(tmp_path: Path) -> None:
    file = tmp_path / "theme"
    app = app_with(file)
    async with app.run_test() as pilot:
        await analyzed(pilot)
        await pilot.press("ctrl+t", "j", "escape")
        assert app.theme == "steward-dark"
    assert not file.exists()


async def test_the_terminals_own_colours_are_among_the_themes(tmp_path: Path) -> None:
    app = app_with(tmp_path / "theme")
    async with app.run_test() as pilot:
        await pilot.press("ctrl+t")
        await pilot.pause()
        assert "ansi-dark the terminal's own colors, on dark" in rows(pilot)
        assert "ansi-light the terminal's own colors, on light" in rows(pilot)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"no-such-theme\n", "there is no theme 'no-such-theme'"),
        (b"\x1b]0;owned\x07", "there is no theme"),
        (b"\xff\xfe", "it is no text"),
        (b"", "one name is expected"),
        (b"x" * 5000, "one name is expected"),
    ],
)
async def test_a_broken_file_is_ignored_and_said(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "theme"
    file.write_bytes(data)
    app = app_with(file)
    assert app.theme == "steward-dark"
    async with app.run_test(notifications=True) as pilot:
        await until(lambda: any(said in message for message in messages(pilot)), said)
        assert not any("\x1b" in message for message in messages(pilot))


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "theme")
    with pytest.raises(StateError, match="it is no file"):
        ThemeMemory(tmp_path / "theme").recall()


async def test_a_theme_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    app = app_with(tmp_path / "file" / "theme")
    async with app.run_test(notifications=True) as pilot:
        await analyzed(pilot)
        await pilot.press("ctrl+t", "j", "enter")
        await until(lambda: "cannot be remembered" in str(messages(pilot)), "the reason")
        assert app.theme == "steward-light"


async def test_without_colour_there_is_no_theme_to_choose(tmp_path: Path) -> None:
    (tmp_path / "theme").write_text("steward-light\n")
    app = app_with(tmp_path / "theme", Terminal(color=False))
    assert app.theme == "ansi-dark"
    async with app.run_test():
        assert app.why_not("everywhere.theme") == (
            "no colors are used: NO_COLOR is set, or this terminal has none"
        )


@pytest.mark.parametrize(
    ("environ", "file"),
    [
        ({"XDG_CONFIG_HOME": "/c", "HOME": "/h"}, "/c/pysteward/theme"),
        ({"XDG_CONFIG_HOME": "relative", "HOME": "/h"}, "/h/.config/pysteward/theme"),
        ({"HOME": "/h"}, "/h/.config/pysteward/theme"),
        ({"HOME": ""}, None),
    ],
)
def test_it_lies_where_xdg_says(environ: dict[str, str], file: str | None) -> None:
    assert theme_file(environ) == (None if file is None else Path(file))


@pytest.mark.terminal
def test_the_program_remembers(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path)}
    with terminal(["demo", "--no-tour"], environ=environ) as shown:
        shown.wait_for("Policies")
        shown.press("\x14")
        shown.wait_for("Enter Keep")
        shown.press("j\r")
        shown.wait_for((tmp_path / "pysteward" / "theme").exists)
        shown.press("q")
        assert shown.end() == 0
    with terminal(["demo", "--no-tour"], environ=environ) as shown:
        shown.wait_for("Policies")
        # The background of steward-light.
        assert b"48;2;247;246;243" in shown.written or b"48;5;" in shown.written
        shown.press("\x14")
        shown.wait_for("Enter Keep")
