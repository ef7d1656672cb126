"""`pysteward scenario`, as it is typed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pysteward.tui.__main__ import main

CLASS = """\
title = "Class"
installations = ["3.8.18", "3.9.18"]
[[requests]]
python = "3.8.1"
expect = "%s"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "class.toml"
    path.write_text(CLASS % "3.8.18")
    return path


def test_a_scenario_is_played(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenario", str(file)]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Class (matching: major-minor)\n")
    assert "3.8.1: 3.8.18  (rule least-greater)" in shown


def test_the_answer_is_no_where_it_is_not_as_expected(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(CLASS % "3.9.18")
    assert main(["scenario", str(file)]) == 1
    assert "NOT AS EXPECTED: 3.9.18 was expected" in capsys.readouterr().out


def test_no_match_is_yes_where_it_is_expected(file: Path) -> None:
    file.write_text((CLASS % "none").replace('"3.8.1"', '"3.7.1"'))
    assert main(["scenario", str(file)]) == 0


def test_under_another_policy_nothing_is_expected(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scenario", str(file), "--matching", "exact", "--json"]) == 1
    shown = json.loads(capsys.readouterr().out)
    assert shown["matching"] == "exact"
    assert shown["decisions"][0]["selected"] is None
    assert shown["decisions"][0]["as_expected"] is None


def test_json_is_what_match_says_and_more(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["scenario", str(file), "--json"])
    scenario = json.loads(capsys.readouterr().out)
    main(["match", "3.8.1", "--installed", "3.8.18,3.9.18", "--json"])
    match = json.loads(capsys.readouterr().out)
    assert scenario["title"] == "Class"
    (decision,) = scenario["decisions"]
    assert decision["as_expected"] is True
    assert match["decisions"][0].items() <= decision.items()


def test_the_built_in_ones_are_listed_and_played_by_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["scenario", "list", "--json"]) == 0
    names = [item["name"] for item in json.loads(capsys.readouterr().out)["scenarios"]]
    assert "major-minor" in names
    for name in names:
        assert main(["scenario", name]) == 0


@pytest.mark.parametrize(
    "arguments",
    [["scenario"], ["scenario", "farthest"], ["scenario", "nearest", "--matching", "x"]],
)
def test_bad_usage_is_one_line_and_status_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--json"]) == 2
    captured = capsys.readouterr()
    assert set(json.loads(captured.out)["error"]) == {"code", "message", "file", "line", "column"}
    assert captured.err.count("\n") == 1


def test_a_mistake_shows_its_line_with_a_caret(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text('matching = "close"\n')
    assert main(["scenario", str(file)]) == 2
    first, line, caret = capsys.readouterr().err.splitlines()
    assert f"{file}:1:12: " in first
    assert line == '  matching = "close"'
    assert caret.index("^") == line.index('"close"')


def test_notes_from_outside_are_shown_inert(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text('title = "\\u001b[2J"\nrequests = ["3.8"]\nnotes = "\\u001b]0;x\\u0007"\n')
    main(["scenario", str(file)])
    assert "\x1b" not in capsys.readouterr().out


def test_playing_needs_a_terminal_and_names_the_command_to_use_instead(file: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "pysteward.tui", "scenario", "exact", "--tui"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 2
    assert "pysteward scenario exact" in ran.stderr
