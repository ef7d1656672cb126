"""What is found out about the terminal, and when it is refused."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pysteward.tui.app.themes import first_theme
from pysteward.tui.terminal.capabilities import Terminal, look, speaks_unicode
from pysteward.tui.terminal.display import Display
from tests.support.terminal import terminal


@pytest.mark.parametrize(
    ("environ", "unicode"),
    [
        ({"LANG": "en_US.UTF-8"}, True),
        ({"LANG": "C.utf8"}, True),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),
        ({"LANG": "de_DE.ISO-8859-1"}, False),
        ({"LC_ALL": "", "LANG": "de_DE.UTF-8"}, True),
        ({}, False),
    ],
)
def test_unicode_is_what_the_locale_asks_for(environ: dict[str, str], unicode: bool) -> None:
    assert speaks_unicode(environ) is unicode


def test_an_empty_no_color_asks_for_nothing() -> None:
    assert look({"NO_COLOR": "", "TERM": "xterm"}).color
    assert not look({"NO_COLOR": "1", "TERM": "xterm"}).color


@pytest.mark.parametrize(
    ("term", "color"),
    [
        *((term, False) for term in ("vt100", "vt220-w", "xterm-mono", "linux-m")),
        *((term, True) for term in ("linux", "xterm", "screen", "vt525")),
    ],
)
def test_a_terminal_without_colours_gets_none(term: str, color: bool) -> None:
    assert look({"TERM": term}).color is color


def test_sixteen_colours_open_with_the_terminals_own() -> None:
    assert first_theme(look({"TERM": "linux"})) == "ansi-dark"
    assert first_theme(look({"TERM": "xterm-256color"})) == "steward-dark"
    assert first_theme(look({"TERM": "xterm", "COLORTERM": "truecolor"})) == "steward-dark"
    assert first_theme(Terminal(color=False)) == "ansi-dark"


def test_without_unicode_every_sign_is_ascii() -> None:
    display = Display(unicode=False)
    signs = [
        getattr(display, name)
        for name in dir(Display)
        if isinstance(getattr(Display, name), property)
    ]
    assert all(sign.isascii() and len(sign) == 1 for sign in signs)
    assert display.line("Grüße \x1b[31m") == "Gr\\xfc\\xdfe \\x1b[31m"


def test_a_long_path_loses_its_middle() -> None:
    short = Display().shorten("/opt/python/3.11.7/bin/python3.11", 20)
    assert len(short) == 20
    assert short.startswith("/opt/p")
    assert short.endswith("python3.11")


@pytest.mark.parametrize("arguments", [[], ["demo"]])
def test_without_a_terminal_it_ends_with_2_and_names_a_command(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pysteward.tui", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "needs a terminal" in done.stderr
    assert ("pysteward scenario" if arguments else "pysteward installations") in done.stderr


@pytest.mark.terminal
def test_a_dumb_terminal_is_refused() -> None:
    with terminal(["demo"], environ={"TERM": "dumb"}) as shown:
        assert shown.end() == 2
        assert "pysteward scenario list" in shown.text.replace("\n", "")
