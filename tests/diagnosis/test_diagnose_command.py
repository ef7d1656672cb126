"""`pysteward diagnose` as a user runs it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from pysteward.tui.__main__ import main
from tests.support.server import SampleServer

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


def test_a_folder_without_a_manifest_is_no_bundle(
    server: SampleServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diagnose", str(tmp_path), "--config", str(server.settings())]) == 1
    assert capsys.readouterr().out.startswith("cause: bundle-invalid\n")


@pytest.mark.parametrize("name", ["missing.log", "a/b"])
def test_what_cannot_be_read_is_bad_input(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diagnose", str(tmp_path / name)]) == 2
    assert "Traceback" not in capsys.readouterr().err


BUNDLES = DATA.parent / "bundles"


def test_a_bundle_is_judged_by_the_server_it_would_meet(
    server: SampleServer, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--config", str(server.settings()), "--state-dir", str(server.state_dir)]
    assert main(["diagnose", str(BUNDLES / "streamlit-plain.tar.gz"), "--json", *options]) == 0
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [finding["code"] for finding in found] == ["package-prohibited"] * 2


def test_a_build_is_found_by_its_id_and_again_in_its_exported_record(
    server: SampleServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--config", str(server.settings()), "--state-dir", str(server.state_dir)]
    bundle = server.bundle(requirements="no-such-package-anywhere\n")
    assert main(["deploy", str(bundle), "--json", *options]) == 1
    build = json.loads(capsys.readouterr().out)["build"]
    assert main(["diagnose", build, *options]) == 1
    assert capsys.readouterr().out.startswith("cause: package-not-found\n")
    exported = tmp_path / "record.tar.gz"
    assert main(["builds", "export", build, str(exported), *options]) == 0
    capsys.readouterr()
    assert main(["diagnose", str(exported)]) == 1
    assert capsys.readouterr().out.startswith("cause: package-not-found\n")


def test_a_probe_says_what_it_asked(
    server: SampleServer, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--config", str(server.settings()), "--state-dir", str(server.state_dir)]
    assert main(["diagnose", str(FAILED), "--probe", "--json", *options]) == 1
    checks = json.loads(capsys.readouterr().out)["probe"]
    assert {"disk", "write", "tools", "index"} <= {check["name"] for check in checks}


def test_a_pin_that_does_not_exist_for_the_python_is_found_before_anything_is_built(
    server: SampleServer, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--config", str(server.settings()), "--state-dir", str(server.state_dir)]
    bundle = server.bundle(requirements="alpha==99.0\n")
    assert main(["diagnose", str(bundle), "--json", *options]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == []
    assert main(["diagnose", str(bundle), "--probe", "--json", *options]) == 1
    found = json.loads(capsys.readouterr().out)["findings"][0]
    assert (found["code"], found["role"]) == ("version-not-found", "cause")
    assert "alpha" in found["cause"]


def test_a_bundle_whose_pins_were_not_asked_for_says_so_and_how_to_ask(
    server: SampleServer, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--config", str(server.settings()), "--state-dir", str(server.state_dir)]
    bundle = server.bundle(requirements="alpha==99.0\n")
    assert main(["diagnose", str(bundle), *options]) == 0
    assert "not asked: whether the index has these versions" in capsys.readouterr().err
    assert main(["diagnose", str(bundle), "--probe", *options]) == 1
    assert "not asked" not in capsys.readouterr().err
