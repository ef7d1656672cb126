"""Where the shell's prompt lies when the program has ended or was suspended."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pyte
import pyte.modes
import pytest

from tests.support.terminal import PYSTEWARD, terminal

pytestmark = pytest.mark.terminal
_ALTERNATE = 1049
_PROGRAM = " ".join(PYSTEWARD)


class TwoScreens(pyte.Screen):
    """A terminal with an alternate screen, as xterm describes mode 1049; pyte has none."""

    _kept: tuple[Any, Any] | None = None

    def set_mode(self, *modes: int, **options: Any) -> None:
        if options.get("private") and _ALTERNATE in modes:
            self._kept = (copy.deepcopy(self.buffer), copy.copy(self.cursor))
            self.erase_in_display(2)
        super().set_mode(*modes, **options)

    def reset_mode(self, *modes: int, **options: Any) -> None:
        super().reset_mode(*modes, **options)
        if options.get("private") and _ALTERNATE in modes and self._kept is not None:
            self.buffer, self.cursor = self._kept
            self._kept = None


def shown_by(written: bytes) -> list[str]:
    screen = TwoScreens(80, 24)
    pyte.ByteStream(screen).feed(written)
    return [line.rstrip() for line in screen.display]


@pytest.mark.parametrize("lines", [3, 40])
def test_the_prompt_follows_what_was_there_before(lines: int) -> None:
    script = f"i=0; while [ $i -lt {lines} ]; do i=$((i+1)); echo line $i; done; "
    with terminal(
        [script + f"{_PROGRAM} demo --no-tour; echo prompt"],
        program=("/bin/sh", "-c"),
    ) as shown:
        shown.wait_for("5/7 usable")
        shown.press("q")
        assert shown.end() == 0
        text = shown_by(shown.written)
        place = text.index("prompt")
        assert text[place - 2 : place] == [f"line {lines - 1}", f"line {lines}"]


def test_ctrl_z_suspends_and_fg_shows_the_same_again(tmp_path: Path) -> None:
    with terminal(
        ["--norc", "--noprofile", "-i"],
        program=("/bin/bash",),
        environ={"PS1": "prompt> "},
        cwd=tmp_path,
    ) as shown:
        shown.wait_for("prompt>")
        shown.press(f"{_PROGRAM} demo --no-tour\r")
        shown.wait_for("5/7 usable")
        shown.press("\x1a")
        shown.wait_for("Stopped")
        shown.press("echo in the shell\r")
        shown.wait_for(lambda: "in the shell" in shown_by(shown.written))
        shown.press("fg\r")
        shown.wait_for("5/7 usable")
        shown.press("q")
        shown.wait_for(lambda: [*filter(None, shown_by(shown.written))][-1] == "prompt>")
        shown.press("exit\r")
        shown.end()
