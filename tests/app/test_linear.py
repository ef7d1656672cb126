"""The linear mode: the same actions, as lines that are only appended."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from pysteward.core.server import Server
from pysteward.tui.app.demo import DemoBackend
from pysteward.tui.app.registry import ACTIONS
from pysteward.tui.linear.session import PAGES, LinearSession
from pysteward.tui.services.backend import Backend, LocalBackend
from tests.support.showcase import Showcase
from tests.support.terminal import terminal

# What only a screen has: places, panes, pictures, the log's window, the trainer's part.
_FOR_THE_SCREEN = frozenset(
    {
        *("sort", "turn_order", "mark", "mark_all", "timeline", "next_problem", "next_item"),
        *("step", "next_step", "previous_step", "quiz", "open", "save", "bundle", "tour", "notes"),
        *("next_request", "previous_request", "all_on", "turn", "evidence", "explain"),
        *("copy", "copy_report", "save_report", "failures", "move_up", "move_down", "install"),
        *(
            "adopt",
            "copy_remedy",
            "edit",
            "present",
            "check",
            "render",
            "last_run",
            "preflight",
            "stop",
            "simulate",
        ),
    }
)


class Script:
    """A person who types these lines, and reads."""

    def __init__(self, typed: Iterable[str]) -> None:
        self._typed = iter(typed)
        self.lines: list[str] = []

    def say(self, text: str) -> None:
        self.lines += text.splitlines()

    def ask(self, question: str) -> str | None:
        self.lines.append(question)
        return next(self._typed, None)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def said(backend: Backend, *typed: str) -> str:
    script = Script(typed)
    LinearSession(backend, script).run()
    return script.text


@pytest.fixture
def showcase(tmp_path: Path) -> Iterator[Showcase]:
    source = Showcase(tmp_path)
    yield source
    source.close()


def test_rows_are_numbered_sentences_and_a_number_says_the_detail() -> None:
    text = said(DemoBackend(pause=0), "3")
    assert "5 of 7 installations are usable." in text
    assert "3. Python 3.8.18, unusable, /opt/python/3.8.18, pip 23.0.1" in text
    assert "unusable: virtualenv is not installed" in text
    assert "Remedy: /opt/python/3.8.18/bin/python3 -m pip install" in text


def test_an_action_is_called_by_its_name_its_label_or_its_key(showcase: Showcase) -> None:
    for typed in ("build", "last build", "l", "content.build", "content build"):
        text = said(showcase, "content", "1", typed)
        assert f"Build {showcase.build('churn-api')} of churn-api: succeeded." in text, typed


def test_what_cannot_be_done_says_why_and_the_next_command_is_read() -> None:
    text = said(DemoBackend(pause=0), "content", "rebuild", "nonsense", "99", "quiz", "simulator")
    assert "Not possible: this is the demonstration" in text
    assert "There is no command 'nonsense'; help says the commands." in text
    assert "There is no row 99." in text
    assert "Simulator, 7." in text


def test_a_request_is_decided_rule_by_rule() -> None:
    text = said(DemoBackend(pause=0), "simulator", "request 3.9.2")
    assert "Rule 1, exact. Is there 3.9.2 itself? none." in text
    assert "3.9.18 is taken." in text


def test_a_failed_build_says_its_cause_and_the_lines_that_prove_it(showcase: Showcase) -> None:
    text = said(showcase, "builds", "2")
    assert "2. risk-dashboard, failed" in text
    assert re.search(r"cause: [a-z-]+\. ", text)
    assert re.search(r"log, line \d+: ", text)


def test_a_setting_is_changed_after_its_difference_and_taken_back(tmp_path: Path) -> None:
    file = tmp_path / "pysteward.toml"
    file.write_text('[python]\nenabled = true\nversion-matching = "exact"\n')
    file.chmod(0o600)
    before = file.read_text()
    backend = LocalBackend(Server(str(file), str(tmp_path / "state")))
    text = said(backend, "settings", "3", "edit nearest", "yes", "undo", "yes")
    assert 'added: version-matching = "nearest"' in text
    assert 'removed: version-matching = "exact"' in text
    assert file.read_text() == before
    assert len(list(tmp_path.glob("*.bak"))) == 2, "both changes were written"


def test_every_action_of_a_tab_is_there_or_is_for_the_screen() -> None:
    pages = {page.name: page for page in PAGES}
    for action in ACTIONS:
        page = pages.get(action.scope)
        if page is None or action.on == "log_commands":
            continue
        has_it = hasattr(page, f"do_{action.name}")
        assert has_it or action.name in _FOR_THE_SCREEN, action.id


def test_nothing_of_it_imports_the_widget_toolkit() -> None:
    code = (
        "import sys\n"
        "import pysteward.tui.linear.session, pysteward.tui.linear.console\n"
        "assert not {'textual', 'rich'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.terminal
def test_lines_are_only_appended() -> None:
    with terminal(["demo", "--linear"]) as shown:
        shown.wait_for("simulator>")
        shown.press("installations\r")
        shown.wait_for("installations>")
        shown.press("q\r")
        assert shown.end() == 0
        assert b"\x1b" not in shown.written
        assert b"\x08" not in shown.written
        assert not re.search(rb"\r(?!\n|\r)", shown.written), "nothing is written over"
