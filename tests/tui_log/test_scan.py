"""What a scan finds is what a naive search of each line finds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pysteward.tui.widgets.log import log_lines
from pysteward.tui.widgets.log.levels import Level, level_of
from pysteward.tui.widgets.log.log_file import LogFile
from pysteward.tui.widgets.log.log_lines import LineIndex
from pysteward.tui.widgets.log.needle import Needle
from pysteward.tui.widgets.log.scan import LevelMatcher, NeedleMatcher, Scan

words = st.sampled_from(
    ["error: x", "warning: y", "plain", "abab", "ABA", "", "é", "É!", "x" * 30, "ERROR: a\r"]
)
logs = st.lists(st.lists(words, max_size=3).map(" ".join), max_size=15).map("\n".join)


def scanned(text: str, matcher: object, steps: int = 1) -> Scan:
    data = text.encode()
    index = LineIndex(lambda offset, length: data[offset : offset + length])
    scan = Scan(index, matcher, live=False, found=lambda: None)
    for step in range(1, steps + 1):
        while index.extend(len(data) * step // steps):
            pass
        while scan._step():
            pass
    return scan


@given(logs, st.sampled_from(["ab", "aba", "AB", "é", "É", "zz", "x"]), st.integers(1, 4))
def test_a_search_finds_the_lines_that_hold_the_text(text: str, wanted: str, steps: int) -> None:
    ignores = wanted == wanted.lower()
    expected = [
        row
        for row, line in enumerate(text.split("\n"))
        if wanted in (line.lower() if ignores else line)
    ]
    assert list(scanned(text, NeedleMatcher(Needle(wanted), bite=16), steps).rows) == expected


@given(logs, st.integers(1, 4))
def test_marks_are_the_lines_that_are_not_plain(text: str, steps: int) -> None:
    scan = scanned(text, LevelMatcher(bite=16), steps)
    levels = [level_of(line.encode().rstrip(b"\r\n")) for line in text.split("\n")]
    expected = [(row, level) for row, level in enumerate(levels) if level is not Level.PLAIN]
    assert list(zip(scan.rows, scan.levels, strict=True)) == expected


def test_a_match_across_the_break_of_a_long_line_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_lines, "BLOCK", 16)
    text = "x" * 14 + "needle" + "x" * 40 + "needle"
    assert len(scanned(text, NeedleMatcher(Needle("needle"), bite=16)).rows) == 2


def test_a_needle_ignores_case_until_a_capital_is_typed() -> None:
    assert Needle("error").ignores_case
    assert not Needle("Error").ignores_case


def test_a_needle_is_no_pattern() -> None:
    assert Needle("a[b]*").spans("x a[b]* y") == [(2, 7)]


def test_case_is_ignored_beyond_ascii() -> None:
    needle = Needle("größe")
    assert needle.find("eine GRÖSSE, eine GRÖßE".encode(), 0) >= 0


@pytest.mark.parametrize(
    "line",
    [
        "ERROR: No matching distribution found for nothere",
        "error: subprocess-exited-with-error",
        "  error: command 'gcc' failed with exit status 1",
        "src/a.c:10:10: fatal error: Python.h: No such file or directory",
        "src/a.c:12:5: error: unknown type name 'foo'",
        "Traceback (most recent call last):",
        "    ModuleNotFoundError: No module named 'setuptools'",
        "  | pip._vendor.urllib3.exceptions.ReadTimeoutError: timed out",
        "error[E0425]: cannot find value `x` in this scope",
        "CMake Error at CMakeLists.txt:3 (find_package):",
        "../meson.build:1:0: ERROR: Unknown compiler(s)",
        "/usr/bin/ld: cannot find -lxml2",
        "main.c:(.text+0x5): undefined reference to `foo'",
        "2023/04/05 10:11:12.123456789 ERROR: Failed building wheel for lxml",
        "[2023-04-05T10:11:12Z] error: failed",
        "time=2024-01-01T00:00:00Z level=error msg=x",
        "  Could not find a version that satisfies the requirement x (from versions: )",
        "make: *** [Makefile:12: all] Error 2",
    ],
)
def test_errors_are_told(line: str) -> None:
    assert level_of(line.encode()) is Level.ERROR


@pytest.mark.parametrize(
    "line",
    [
        "WARNING: pip is configured with locations that require TLS/SSL",
        "DEPRECATION: Python 2.7 reached the end of its life",
        "a.c:3:1: warning: unused variable 'error' [-Wunused]",
        "  SetuptoolsDeprecationWarning: setup.py install is deprecated.",
        "CMake Warning (dev) at x",
        "warning: unused import: `foo`",
    ],
)
def test_warnings_are_told(line: str) -> None:
    assert level_of(line.encode()) is Level.WARNING


@pytest.mark.parametrize(
    "line",
    [
        "Collecting errorhandler==2.0",
        "gcc -Werror -Wno-error=foo -c error.c -o error.o",
        "Successfully installed pytest-warnings exceptiongroup-1.2",
        "copying lib/exceptions.py -> build/lib/exceptions.py",
        "0 errors, 0 warnings",
        "",
    ],
)
def test_plain_lines_are_left_alone(line: str) -> None:
    assert level_of(line.encode()) is Level.PLAIN


def test_threads_end_and_the_file_is_closed(tmp_path: Path) -> None:
    import gc
    import os

    path = tmp_path / "log.txt"
    path.write_text("x\n")
    file = LogFile(path)
    descriptor = file._descriptor
    del file
    gc.collect()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)
