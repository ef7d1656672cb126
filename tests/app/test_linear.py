"""The linear mode: the same actions, as lines that are only appended."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from pysteward.core.scenarios import load
from pysteward.core.server import Server
from pysteward.tui.app.demo import DemoBackend
from pysteward.tui.app.registry import ACTIONS
from pysteward.tui.linear.session import PAGES, LinearSession
from pysteward.tui.services.backend import Backend, LocalBackend
from pysteward.tui.start import Source
from tests.app.test_servers_screen import Fleet
from tests.support.showcase import Showcase
from tests.support.terminal import terminal

# What only a screen has: panes, pictures, steps of a picture, what lines say anyway.
_FOR_THE_SCREEN = {
    "installations": {"timeline", "next_problem"},
    "simulator": {"step", "next_step", "previous_step", "present"},
    "diagnosis": {"evidence", "turn", "copy", "copy_remedy", "failures"},
    "settings": {"next_item"},
    "upgrade": {"stop"},
}


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


def test_environments_are_listed_verified_and_compared() -> None:
    text = said(
        DemoBackend(pause=0),
        *("environments", "sort size", "turn order", "filter used:payroll", "1", "verify"),
        *("filter", "mark 2", "1", "compare", "environments compare 3", "prune", "l"),
    )
    assert "Environments, 1 of " in text
    assert "1. payroll-checks, 377.2 MB, Python " in text, "the largest is the first"
    assert "shared files once." in text
    assert "streamlit 1.67.0" in text
    assert "payroll-checks: verified.\n1 environment verified, 0 damaged." in text
    assert len(re.findall(r"^Changed: ", text, re.M)) > 1
    assert "Not possible: this is the demonstration" in text
    assert "Content.\npayroll-checks, asks for" in text


def test_what_is_damaged_is_told_with_its_defect() -> None:
    text = said(DemoBackend(pause=0), "environments", "verify all", "filter state:damaged")
    assert "Defect: plotly is 5.21.0; it was installed as 5.22.0." in text
    assert "Environments, 1 of " in text
    assert "1. stock-dashboard, " in text


def test_servers_are_asked_and_shown_as_they_answer() -> None:
    backend = DemoBackend(pause=0)
    backend.servers = Fleet()
    backend.servers.go.set()
    text = said(backend, "servers", "1", "ask", "20", "sort state")
    assert "1. s00, not asked, 2 h old, 1 of 1 usable" in text
    assert "Answered by root, /var/lib/pysteward." in text
    assert "s19, ok, 1 of 1 usable, " in text
    assert "Python 3.11.6, usable, /opt/python/3.11.6" in text
    assert "s04, no answer" in text


def test_another_server_is_shown_and_left(showcase: Showcase) -> None:
    script = Script(["source", "1", "!", "source nowhere"])
    demo = Source("demo server", "a server that does not exist", lambda: showcase)
    LinearSession(DemoBackend(pause=0), script, lambda: (demo,)).run()
    assert "1. demo server, a server that does not exist." in script.text
    assert f"Build {showcase.build('pricing-engine')} of pricing-engine: running." in script.text
    assert "Not possible: there is no server 'nowhere'." in script.text


def test_the_demo_shows_what_a_change_does_to_its_content() -> None:
    text = said(DemoBackend(pause=0), "upgrade", "switch 4", "simulate churn-api")
    assert re.search(r"^\d+ moves|, \d+ moves|\d+ fails", text, re.M)
    assert "sales-forecast " in text
    assert "Simulator.\nRule 1, exact." in text


def test_a_plan_is_a_page_with_its_actions(showcase: Showcase) -> None:
    text = said(showcase, "upgrade", "plan", "2", "times", "abandon", "no", "back")
    assert "Upgrade plan, " in text
    assert "Drop the remaining steps?" in text
    assert text.rstrip().endswith("upgrade>"), "back is where it came from"


def test_a_scenario_is_played_edited_and_saved(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    text = said(
        DemoBackend(pause=0),
        *("simulator", "open policies", "next request", "edit", "A new title", "", "three"),
        *("edit", "A new title", "", "3.9.18", f"save {file}", f"open {file}", "notes"),
    )
    assert "Request 2 of " in text
    assert "Not possible: " in text, "three is not a version"
    assert f"Saved as {file}." in text
    saved = load(file)
    assert saved.title == "A new title"
    assert saved.requests[1].expected == "3.9.18"


def test_the_quiz_marks_answers_and_asks_again_what_was_wrong() -> None:
    text = said(DemoBackend(pause=0), "simulator", "quiz", *["99"] * 10, "yes", "1", "stop")
    assert text.count("Wrong. ") >= 10
    assert "0 of 10 right." in text
    assert text.count("Question 1 of 10") == 2


def test_every_action_of_a_tab_is_there_or_is_for_the_screen() -> None:
    pages = {page.name: page for page in PAGES}
    for action in ACTIONS:
        page = pages.get(action.scope)
        if page is None or action.on == "log_commands":
            continue
        has_it = hasattr(page, f"do_{action.name}")
        assert has_it or action.name in _FOR_THE_SCREEN.get(action.scope, ()), action.id


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
        for page in ("installations", "environments", "builds"):
            shown.press(f"{page}\r")
            shown.wait_for(f"{page}>")
        shown.press("servers\r")
        shown.wait_for("Not possible: this is the demonstration")
        shown.press("q\r")
        assert shown.end() == 0
        assert b"\x1b" not in shown.written
        assert b"\x08" not in shown.written
        assert not re.search(rb"\r(?!\n|\r)", shown.written), "nothing is written over"
