"""Keys that come faster than what they open: none is lost, none is taken for another's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.app_builds.records import write_build
from tests.support.terminal import Terminal, terminal

pytestmark = pytest.mark.terminal


@contextmanager
def shown_on_builds(directory: Path) -> Iterator[Terminal]:
    settings = directory / "pysteward.gcfg"
    settings.write_text('[Python]\nEnabled = true\nExecutable = "/nowhere/bin/python3"\n')
    settings.chmod(0o600)
    arguments = ["--config", str(settings), "--state-dir", str(directory / "state")]
    with terminal(arguments, size=(120, 40)) as shown:
        shown.wait_for("Quit")
        shown.press("4")
        shown.wait_for("dashboard")
        yield shown


@pytest.fixture
def state(tmp_path: Path) -> Path:
    state = tmp_path / "state"
    state.mkdir(0o700)
    write_build(state, 1)
    return tmp_path


def test_the_letters_after_a_slash_are_the_filters(state: Path) -> None:
    with shown_on_builds(state) as shown:
        shown.press("/nothere")
        shown.wait_for("No build matches the filter.")


def test_the_letters_after_a_slash_are_searched_for_in_a_log(state: Path) -> None:
    with shown_on_builds(state) as shown:
        shown.press("\r")
        shown.wait_for("> ERROR")
        shown.read(0.3)
        shown.press("/flask-2")
        shown.wait_for("/flask-2: 1 matching line")


def test_the_keys_after_enter_are_the_lists_and_the_logs(state: Path) -> None:
    with shown_on_builds(state) as shown:
        shown.press("/dash\r\r")
        shown.wait_for("> ERROR")
        shown.read(0.3)
        shown.press("/ERROR\rgn/WARN\rwn")
        shown.wait_for("/WARN: 1 matching line")
        shown.wait_for("~ e==9.9")  # it is wrapped


def test_the_letters_after_a_colon_are_the_palettes(state: Path) -> None:
    with shown_on_builds(state) as shown:
        shown.press(":theme")
        shown.wait_for("│ theme ")


def test_a_tab_and_its_filter_in_one_breath(state: Path) -> None:
    with shown_on_builds(state) as shown:
        shown.press("1")
        shown.wait_for("/nowhere")
        shown.press("4/nothere")
        shown.wait_for("No build matches the filter.")


def test_no_letter_is_lost_to_a_field_that_is_only_begun(state: Path) -> None:
    """The key may have done its work before what it began has even started."""
    with shown_on_builds(state) as shown:
        shown.press("7")
        shown.wait_for("Preflight")
        shown.press("\t")
        shown.read(0.3)
        shown.press("/nothere")
        shown.wait_for("/ nothere")


@pytest.mark.parametrize("together", ["\x1bjkj", "\x1bG", "\x1b4", "\x1b?", "\x1b:"])
def test_esc_and_a_key_that_come_as_one_are_two(state: Path, together: str) -> None:
    """As tmux and screen pass them on where the second follows within half a second."""
    with shown_on_builds(state) as shown:
        shown.press("2")
        shown.wait_for("Policies")
        shown.press("r3.9")
        shown.wait_for("Request 3.9")
        shown.press(together)
        shown.wait_for(
            {"4": "dashboard", "?": "Keys: Simulator", ":": "Commands"}.get(
                together[1], "Request 3.9"
            )
        )
        shown.press("\x1b")
        shown.read(0.3)
        shown.press("4")
        shown.wait_for("dashboard")


def test_a_key_together_with_enter_is_for_what_enter_opens(state: Path) -> None:
    with shown_on_builds(state) as shown:
        shown.press("\rs")  # s sorts a list, and saves a log
        shown.wait_for("Save the log to")
