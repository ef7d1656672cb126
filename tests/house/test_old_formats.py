"""What pysteward 0.1.0 has written is read, and answers are what they were; fields may be added."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.support.old_formats import WRITTEN, Answer, Question, answers, ask, copy, differences
from tests.support.terminal import terminal

Copies = Callable[[str], Path]


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Copies:
    """One copy for each plan, for questions that change nothing."""

    @cache
    def copied(plan: str) -> Path:
        return copy(tmp_path_factory.mktemp("written") / "copy", plan)

    return copied


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "was"), answers(), ids=[question.name for question, _ in answers()]
)
def test_an_answer_is_what_it_was(
    tmp_path: Path, copies: Copies, question: Question, was: Answer
) -> None:
    changes = "--abandon" in question.arguments
    here = copy(tmp_path / "copy", question.plan) if changes else copies(question.plan)
    now = ask(question, here)
    assert list(differences(was.document, now.document)) == []
    assert now.status == was.status


def test_a_build_whose_worker_was_killed_is_written_down_as_interrupted(tmp_path: Path) -> None:
    directory = copy(tmp_path / "copy", "killed")
    records = {
        path: path.read_text() for path in (directory / "state").glob("builds/2*/build.json")
    }
    open_ones = [path for path, text in records.items() if '"outcome": "running"' in text]
    assert open_ones
    ask(Question(("builds", "--json")), directory)
    for path in open_ones:
        assert '"outcome": "interrupted"' in path.read_text()


def test_a_setting_is_changed_and_nothing_else(tmp_path: Path) -> None:
    directory = copy(tmp_path / "copy", "killed")
    path = directory / "settings" / "all.toml"
    before = path.read_text().splitlines()
    question = Question(
        ("config", "set", "parallel-builds", "5", "--json", "--config", str(path)),
    )
    assert ask(question, directory).status == 0
    after = path.read_text().splitlines()
    changed = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    assert changed == [("parallel-builds = 3", "parallel-builds = 5")]


def test_content_and_its_records_are_removed(tmp_path: Path) -> None:
    directory = copy(tmp_path / "copy", "finished")
    assert ask(Question(("content", "remove", "returned", "--json")), directory).status == 0
    left = ask(Question(("content", "--json")), directory).document["content"]
    assert "returned" not in [row["name"] for row in left]
    assert len(left) == len(_names(WRITTEN / "state" / "pysteward.sqlite3")) - 1


@pytest.mark.terminal
def test_the_remembered_theme_is_recalled(tmp_path: Path) -> None:
    directory = copy(tmp_path / "copy", "finished")
    environ = {"XDG_CONFIG_HOME": str(directory / "config"), "COLORTERM": "truecolor"}
    with terminal(["demo", "--no-tour"], environ=environ) as shown:
        # The background of steward-light.
        shown.wait_for(lambda: b"48;2;247;246;243" in shown.written)


def _names(database: Path) -> list[str]:
    connection = sqlite3.connect(f"file:{database}?immutable=1", uri=True)
    try:
        return [row[0] for row in connection.execute("SELECT name FROM content")]
    finally:
        connection.close()
