"""`pysteward diagnose` as a user runs it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from pysteward.tui.__main__ import main

DATA = Path(__file__).parents[1] / "data" / "failures"
FAILED = DATA / "c_header_missing_py311.log"
SUCCEEDED = DATA / "read_only_cache_py39.log"


def test_a_failed_log_is_explained_and_the_answer_is_no(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", str(FAILED)]) == 1
    shown = capsys.readouterr().out
    assert shown.startswith("cause: system-header-missing\n")
    assert "c_header_missing_py311.log:21: " in shown


def test_a_log_without_failure_is_a_yes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", str(SUCCEEDED)]) == 0
    assert capsys.readouterr().out == "nothing failed\n"


def test_a_build_that_succeeded_with_contradictions_is_a_yes_with_a_warning(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["diagnose", str(DATA / "conflict_py27_legacy_resolver_rc0.log")]) == 0
    assert capsys.readouterr().out.startswith("warning: dependency-conflict\n")


def test_json_has_the_fields_that_programs_rely_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", "--json", str(FAILED)]) == 1
    document = json.loads(capsys.readouterr().out)
    assert set(document) == {"outcome", "findings"}
    cause = document["findings"][0]
    assert (document["outcome"], cause["code"], cause["role"]) == (
        "failed",
        "system-header-missing",
        "cause",
    )
    assert set(cause) == {"code", "role", "cause", "remedy", "author_remedy", "evidence"}
    assert cause["evidence"][0]["line"] == 21


def test_a_log_comes_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(FAILED.read_bytes())))
    assert main(["diagnose", "-"]) == 1
    assert "standard input:21: " in capsys.readouterr().out


def test_pips_own_log_refines_the_cause(capsys: pytest.CaptureFixture[str]) -> None:
    log, debug = DATA / "index_http_403_py311.log", DATA / "index_http_403_py311.debug.log"
    assert main(["diagnose", str(log)]) == 1
    assert capsys.readouterr().out.startswith("cause: package-not-found\n")
    assert main(["diagnose", str(log), "--debug-log", str(debug)]) == 1
    assert capsys.readouterr().out.startswith("cause: index-auth\n")


def test_a_report_is_written_that_no_log_can_break(tmp_path: Path) -> None:
    log = tmp_path / "<b>build.log"
    log.write_text("ERROR: ````` [x](javascript:alert(1)) <script>alert(1)</script>\x1b[2J\n")
    path = tmp_path / "report.md"
    assert main(["diagnose", str(log), "--report", str(path)]) == 1
    text = path.read_text()
    assert text.startswith("# Diagnosis of \\<b\\>build.log\n")
    outside, inside, _ = text.split("``````")
    assert "<script>" not in outside
    assert "<script>" in inside
    assert "\x1b" not in text


@pytest.mark.parametrize("name", ["missing.log", "."])
def test_what_cannot_be_read_is_bad_input(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diagnose", str(tmp_path / name)]) == 2
    assert "Traceback" not in capsys.readouterr().err
