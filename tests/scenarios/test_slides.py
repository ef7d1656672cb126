"""Speaker's notes in a second terminal: passed on through a file of one's own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pysteward.core.errors import ScenarioError
from pysteward.core.scenarios import Slide, find, read_slide, show_slide, slide_file
from tests.support.waiting import wait_for

SLIDE = Slide("A title", 2, 4, "3.7.1", "3.7.4 is taken", "notes", "Say slowly.")


def test_a_slide_is_read_as_it_was_shown_and_only_by_its_user(tmp_path: Path) -> None:
    file = slide_file(find("exact"), {"XDG_RUNTIME_DIR": str(tmp_path)})
    assert read_slide(file) is None
    show_slide(SLIDE, file)
    assert read_slide(file) == SLIDE
    assert file.stat().st_mode & 0o777 == 0o600
    assert "exact" in file.name


def test_two_scenarios_have_two_files(tmp_path: Path) -> None:
    environ = {"XDG_RUNTIME_DIR": str(tmp_path)}
    assert slide_file(find("exact"), environ) != slide_file(find("nearest"), environ)


@pytest.mark.parametrize("environ", [{}, {"XDG_RUNTIME_DIR": "relative"}])
def test_without_a_directory_of_the_session_it_says_so(environ: dict[str, str]) -> None:
    with pytest.raises(ScenarioError, match="XDG_RUNTIME_DIR"):
        slide_file(find("exact"), environ)


def test_what_is_no_slide_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text('{"title": 3}')
    with pytest.raises(ScenarioError, match="not a slide"):
        read_slide(file)
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_slide(file)


def test_the_notes_follow_what_is_shown(tmp_path: Path) -> None:
    environ = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    output = tmp_path / "output"
    with output.open("wb") as target:
        child = subprocess.Popen(
            [sys.executable, "-m", "pysteward.tui", "scenario", "exact", "--notes"],
            env=environ,
            stdout=target,
            # It may be ignored where tests run in the background.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
    try:
        wait_for(lambda: b"following" in output.read_bytes(), "its first line")
        file = slide_file(find("exact"), environ)
        show_slide(SLIDE, file)
        wait_for(lambda: b"2 of 4: 3.7.1" in output.read_bytes(), "the first slide")
        show_slide(Slide("A title", 3, 4, "3.8", "", "", "\x1b]0;evil\x07"), file)
        wait_for(lambda: b"3 of 4: 3.8" in output.read_bytes(), "the second slide")
        wait_for(lambda: b"evil" in output.read_bytes(), "its note")
    finally:
        child.send_signal(signal.SIGINT)
        assert child.wait(20) == 0
    assert b"Note: Say slowly." in output.read_bytes()
    assert b"\x1b" not in output.read_bytes()
