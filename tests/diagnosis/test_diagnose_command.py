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


def test_an_empty_directory_is_neither_logs_nor_a_bundle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diagnose", str(tmp_path)]) == 2
    assert "holds neither logs nor a bundle" in capsys.readouterr().err


def test_a_directory_of_logs_is_one_table_and_one_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.log").write_bytes(FAILED.read_bytes())
    (tmp_path / "b.log").write_bytes(SUCCEEDED.read_bytes())
    (tmp_path / "c.log").write_text("one\ntwo\n")
    (tmp_path / "d.log").symlink_to("/etc/hostname")
    assert main(["diagnose", str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [
        ["a.log", "failed"],
        ["b.log", "succeeded"],
        ["c.log", "unknown"],
        ["d.log", "unreadable"],
    ]
    assert main(["diagnose", str(tmp_path), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["outcomes"] == {"failed": 1, "succeeded": 1, "unknown": 1, "unreadable": 1}
    assert document["logs"][0]["findings"][0]["code"] == "system-header-missing"


def test_a_directory_whose_builds_all_succeeded_is_a_yes(tmp_path: Path) -> None:
    (tmp_path / "b.log").write_bytes(SUCCEEDED.read_bytes())
    assert main(["diagnose", str(tmp_path)]) == 0


def test_in_a_directory_pips_own_log_refines_the_log_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("index_http_403_py311.log", "index_http_403_py311.debug.log"):
        (tmp_path / name).write_bytes((DATA / name).read_bytes())
    assert main(["diagnose", str(tmp_path), "--json"]) == 1
    logs = json.loads(capsys.readouterr().out)["logs"]
    assert [(log["file"], log["findings"][0]["code"]) for log in logs] == [
        ("index_http_403_py311.log", "index-auth")
    ]


def test_a_log_that_does_not_say_how_it_ended_is_no_yes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log"
    log.write_text("Collecting six\n")
    assert main(["diagnose", str(log)]) == 1
    assert capsys.readouterr().out == "nothing here says how it ended\n"


def test_each_code_has_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    codes = [line.split("\t")[0] for line in (DATA / "codes.tsv").read_text().splitlines()[1:]]
    for code in codes:
        if code != "-":
            assert main(["diagnose", "--explain", code]) == 0
            assert capsys.readouterr().out.startswith(f"{code}: ")
    assert main(["diagnose", "--explain", "list", "--json"]) == 0
    assert {page["code"] for page in json.loads(capsys.readouterr().out)} == {*codes} - {"-"}


def test_an_unknown_code_is_bad_input_that_names_near_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["diagnose", "--explain", "disk-ful"]) == 2
    assert "disk-full" in capsys.readouterr().err


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
