"""Real logs, and some worded like public ones: `expected.tsv` beside them gives their code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pysteward.core.diagnosis import diagnose_log
from pysteward.core.diagnosis.model import Diagnosis

DATA = Path(__file__).parents[1] / "data" / "failures"
MORE = DATA / "more"


def rows(directory: Path) -> list[tuple[Path, list[str]]]:
    lines = (directory / "expected.tsv").read_text().splitlines()[1:]
    return [
        (directory / name, codes.split("|"))
        for name, codes, *_source in (line.split("\t") for line in lines)
    ]


REAL = [*rows(DATA), *rows(MORE), *rows(DATA / "worded")]
SUCCEEDED = ("conflict_py27_legacy_resolver_rc0.log", "read_only_cache_py39.log")
CODES = {line.split("\t")[0] for line in (DATA / "codes.tsv").read_text().splitlines()[1:]}


def first_code(diagnosis: Diagnosis) -> str:
    return diagnosis.findings[0].code if diagnosis.findings else "-"


@pytest.mark.parametrize(("log", "codes"), REAL, ids=lambda value: getattr(value, "name", ""))
def test_a_real_log_gets_the_code_of_its_root_cause(log: Path, codes: list[str]) -> None:
    assert first_code(diagnose_log(log)) in codes


@pytest.mark.parametrize(
    ("log", "codes"),
    [row for row in REAL if row[0].name.endswith(".debug.log")],
    ids=lambda value: getattr(value, "name", ""),
)
def test_pips_own_log_refines_what_the_shown_one_says(log: Path, codes: list[str]) -> None:
    shown = log.with_name(log.name.replace(".debug.log", ".log"))
    assert first_code(diagnose_log(shown, debug_log=log)) in codes


def _unchanged(text: bytes) -> bytes:
    return text


def _with_time_stamps(text: bytes) -> bytes:
    lines = text.split(b"\n")
    return b"\n".join(b"2024/01/05 10:11:12.123456789 " + line for line in lines)


def _with_connects_prefix(text: bytes) -> bytes:
    lines = text.split(b"\n")
    return b"\n".join(b"2023/11/30 10:11:12.123 AM: [rsc-session] " + line for line in lines)


def _in_docker_compose(text: bytes) -> bytes:
    return b"\n".join(b"connect-1  | " + line for line in text.split(b"\n"))


def _in_buildkit(text: bytes) -> bytes:
    return b"\n".join(b"#12 34.56 " + line for line in text.split(b"\n"))


def _in_syslog(text: bytes) -> bytes:
    lines = text.split(b"\n")
    return b"\n".join(b"Jan  5 10:11:12 server rstudio-connect[812]: " + line for line in lines)


def _in_gitlab(text: bytes) -> bytes:
    lines = text.split(b"\n")
    return b"\n".join(b"2024-01-05T10:11:12.123456Z 01O " + line for line in lines)


def _coloured(text: bytes) -> bytes:
    return b"\n".join(b"\x1b[31m" + line + b"\x1b[0m\x1b[K" for line in text.split(b"\n"))


def _with_windows_line_ends(text: bytes) -> bytes:
    return text.replace(b"\n", b"\r\n")


def _in_utf16(text: bytes) -> bytes:
    return text.decode("utf-8").encode("utf-16")


def _after_noise_of_r(text: bytes) -> bytes:
    return b"Installing jsonlite (1.8.8) ...\n\tOK (downloaded binary)\n" * 50 + text


def _between_connects_own_lines(text: bytes) -> bytes:
    before = (
        b"2021/03/04 10:11:12.123456789 Creating environment: x6EvNMHhYMa-jJ1dTuQTLQ\n"
        b"2021/03/04 10:11:13.123456789 [connect] Stopped session pings to http://127.0.0.1:34921\n"
    )
    after = (
        b"\n2021/03/04 10:12:12.123456789 Stopped session pings to http://127.0.0.1:34921\n"
        b"2021/03/04 10:12:12.223456789 Build error: exit status 1\n"
        b"An error occurred while building the content: exit status 1\n"
        b"Task failed. Task exited with status 1.\n"
    )
    lines = text.split(b"\n")
    return before + b"\n".join(b"2021/03/04 10:11:14.1 PM: " + line for line in lines) + after


@pytest.mark.parametrize(
    "disguise",
    [
        _unchanged,
        _with_time_stamps,
        _with_connects_prefix,
        _in_docker_compose,
        _in_buildkit,
        _in_syslog,
        _in_gitlab,
        _coloured,
        _with_windows_line_ends,
        _in_utf16,
        _after_noise_of_r,
        _between_connects_own_lines,
    ],
)
def test_what_a_tool_puts_before_each_line_changes_nothing(
    disguise: Callable[[bytes], bytes],
) -> None:
    wrong = {
        log.name: found
        for log, codes in rows(DATA)
        if log.stat().st_size < 100_000
        and not (log.name in SUCCEEDED and disguise is _between_connects_own_lines)
        and (found := first_code(diagnose_log(disguise(log.read_bytes())))) not in codes
    }
    assert wrong == {}


@pytest.mark.parametrize(("log", "codes"), REAL, ids=lambda value: getattr(value, "name", ""))
def test_evidence_quotes_the_line_of_that_number(log: Path, codes: list[str]) -> None:
    lines = log.read_text("utf-8", "backslashreplace").split("\n")
    findings = diagnose_log(log, source=log.name).findings
    for finding in findings:
        assert finding.code in CODES
        assert finding.evidence
        for line in finding.evidence:
            assert line.source == log.name
            start = line.text[:60].rstrip("*").split("://")[0]
            assert start.strip() in lines[line.line - 1]


@pytest.mark.parametrize(("log", "codes"), REAL, ids=lambda value: getattr(value, "name", ""))
def test_a_cause_and_its_remedy_are_plain_sentences(log: Path, codes: list[str]) -> None:
    for finding in diagnose_log(log).findings:
        for text in (finding.cause, finding.remedy):
            assert "\n" not in text
            assert "  " not in text.replace("`", "")
            assert "None" not in text
            assert text.strip() == text
            assert text
