"""`pysteward match`, as a user calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def run(*arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pysteward.tui", "match", *arguments]
    return subprocess.run(
        command, input=text, capture_output=True, text=True, errors="surrogateescape", timeout=60
    )


def decisions(*arguments: str, text: str | None = None) -> list[dict[str, Any]]:
    return json.loads(run(*arguments, "--json", text=text).stdout)["decisions"]


def test_a_match_is_a_yes_and_none_is_a_no() -> None:
    assert run("3.8.1", "--installed", "3.8.3").returncode == 0
    assert run("3.8.1", "3.9.1", "--installed", "3.8.3").returncode == 1


def test_the_document_says_why_for_every_installation() -> None:
    (decision,) = decisions("3.8.1", "--installed", "3.8.3,3.9.1,2.7.3")
    assert (decision["selected"], decision["rule"]) == ("3.8.3", "least-greater")
    assert decision["executable"] is None
    verdicts = [line["verdict"] for line in decision["considered"]]
    assert verdicts == ["chosen", "rejected", "unusable"]


def test_requests_are_read_from_standard_input() -> None:
    answers = decisions("-", "--installed", "3.8.3,3.9.1", text="3.8.1\n\n>=3.9\n")
    assert [answer["selected"] for answer in answers] == ["3.8.3", "3.9.1"]


BAD_LINES = "3.8.3\n3\n\n3.11\n" + "9" * 5000 + "\n\udcff3.8\n>=3.9"


def test_a_bad_line_is_named_and_the_others_are_answered() -> None:
    done = run("-", "--installed", "3.8.3,3.11.2", "--json", text=BAD_LINES)
    assert done.returncode == 2
    document = json.loads(done.stdout)
    answers = [(each["requested"], each["selected"]) for each in document["decisions"]]
    assert answers == [("3.8.3", "3.8.3"), ("3.11", "3.11.2"), (">=3.9", "3.11.2")]
    assert [error["line"] for error in document["errors"]] == [2, 5, 6]
    for error, said in zip(document["errors"], done.stderr.splitlines(), strict=True):
        assert error["message"] in said
        assert f"line {error['line']} of standard input: " in said
        assert len(said) < 500
    shown = run("-", "--installed", "3.8.3,3.11.2", text=BAD_LINES)
    assert shown.returncode == 2
    assert "3.8.3: 3.8.3" in shown.stdout
    assert ">=3.9: 3.11.2" in shown.stdout


def test_standard_input_is_answered_line_by_line() -> None:
    command = [sys.executable, "-m", "pysteward.tui", "match", "-", "--installed", "3.8.3"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as done:
        assert done.stdin is not None
        assert done.stdout is not None
        done.stdin.write("3.8.1\n")
        done.stdin.flush()
        assert done.stdout.readline().startswith("3.8.1: 3.8.3")
        done.stdin.close()
        assert done.wait(60) == 0


def test_without_a_bad_line_the_document_has_no_errors() -> None:
    document = json.loads(run("-", "--installed", "3.8.3", "--json", text="3.8.1\n").stdout)
    assert set(document) == {"matching", "decisions"}


def test_installations_can_be_added_and_taken_away() -> None:
    (decision,) = decisions(
        "3.8.1", "--installed", "3.8.3,3.8.9", "--with", "3.8.2", "--without", "3.8.3"
    )
    assert decision["selected"] == "3.8.2"


def test_the_policy_is_that_of_the_settings_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "rstudio-connect.gcfg"
    file.write_text("[Python]\nVersionMatching = nearest\n")
    assert decisions("3.8.1", "--installed", "3.9.1")[0]["selected"] is None
    monkeypatch.setenv("PYSTEWARD_CONFIG", str(file))
    assert decisions("3.8.1", "--installed", "3.9.1")[0]["selected"] == "3.9.1"


def test_the_policy_is_an_option() -> None:
    (decision,) = decisions("3.8.1", "--installed", "3.9.1", "--matching", "NEAREST")
    assert decision["rule"] == "least-greater-in-major"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("3",),
        ("3.8", "--matching", "closest", "--installed", "3.8.1"),
        ("3.8", "--without", "3.5", "--installed", "3.8.1"),
        ("3.8", "--installed", "x"),
        ("3.8", "--bundle", "/nonexistent/bundle.tar.gz"),
        ("3.8", "--config", "/nonexistent/settings.gcfg"),
        ("--no-such-option",),
    ],
)
def test_bad_usage_gets_one_line_and_status_2(arguments: tuple[str, ...]) -> None:
    done = run(*arguments, "--json")
    assert done.returncode == 2
    assert set(json.loads(done.stdout)["error"]) == {"code", "message", "file", "line", "column"}
    assert done.stderr.startswith("pysteward: ")
    assert "Traceback" not in done.stderr


def test_hostile_input_is_shown_inert() -> None:
    done = run("\x1b]0;owned\x07", "--installed", "3.8.1")
    assert "\x1b" not in done.stderr
    assert "\\x1b]0;owned" in done.stderr


@pytest.mark.parametrize("request_text", [">=" + "9" * 100_000, "3." + "9" * 100_000])
def test_a_request_of_a_hundred_thousand_digits_is_refused(request_text: str) -> None:
    done = run("-", "--installed", "3.8.3", text=request_text)
    assert done.returncode == 2
    assert "mistake in pysteward" not in done.stderr
    assert len(done.stderr) < 1000
