"""What a scan finds is what a naive search of each line finds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, strategies as st

from pysteward.tui.app.log import line_index
from pysteward.tui.app.log.file import LogFile
from pysteward.tui.app.log.levels import Level, level_of
from pysteward.tui.app.log.line_index import LineIndex
from pysteward.tui.app.log.line_store import LineStore
from pysteward.tui.app.log.matchers import LevelMatcher, NeedleMatcher, rows_with
from pysteward.tui.app.log.scan import Scan
from pysteward.tui.app.log.search_text import Needle
from pysteward.tui.terminal.display import Display

words = st.sampled_from(
    ["error: x", "warning: y", "plain", "abab", "ABA", "", "é", "É!", "x" * 30, "ERROR: a\r"]
)
logs = st.lists(st.lists(words, max_size=3).map(" ".join), max_size=15).map("\n".join)
odd = st.sampled_from(
    [
        b"\x1b[31m",
        b"\t",
        b"\r",
        b"\r\n",
        b"\n",
        b"\xff",
        b"\xe2\x94",
        "━É".encode(),
        b"\xe2\x80\xae",
    ]
)
odd_logs = st.lists(
    st.one_of(odd, st.text("ab1x\\ A", max_size=9).map(str.encode)), max_size=25
).map(b"".join)


def scanned(text: str | bytes, matcher: object, steps: int = 1) -> Scan:
    data = text.encode() if isinstance(text, str) else text
    index = LineIndex(lambda offset, length: data[offset : offset + length])
    scan = Scan(index, matcher, live=False, found=lambda: None)
    for step in range(1, steps + 1):
        while index.extend(len(data) * step // steps):
            pass
        while scan._step():
            pass
    return scan


def matcher_of(text: str, bite: int = 16, display: Display | None = None) -> NeedleMatcher:
    return NeedleMatcher(Needle(text), (display or Display()).lines, bite=bite)


@given(logs, st.sampled_from(["ab", "aba", "AB", "é", "É", "zz", "x"]), st.integers(1, 4))
def test_a_search_finds_the_lines_that_hold_the_text(text: str, wanted: str, steps: int) -> None:
    ignores = wanted == wanted.lower()
    expected = [
        row
        for row, line in enumerate(text.split("\n"))
        if wanted in (line.lower() if ignores else line)
    ]
    assert list(scanned(text, matcher_of(wanted), steps).rows) == expected


@given(
    odd_logs,
    st.text("ab1x\\ Aé━", min_size=1, max_size=3),
    st.integers(1, 4),
    st.sampled_from([16, 1000]),
    st.booleans(),
)
@example(b"\x1bab", "1ba", 1, 16, True)
@example(b"a\tb", "a  ", 1, 16, True)
@example("É".encode(), "\\xc9", 1, 16, False)
def test_a_search_finds_what_is_shown(
    data: bytes, wanted: str, steps: int, bite: int, unicode: bool
) -> None:
    display = Display(unicode=unicode)
    index = LineIndex(lambda offset, length: data[offset : offset + length])
    while index.extend(len(data)):
        pass
    lines = LineStore(index, display)
    expected = [
        row for row in range(index.extent.rows) if Needle(wanted).spans(lines.line(row).cells.text)
    ]
    assert list(scanned(data, matcher_of(wanted, bite, display), steps).rows) == expected


@given(logs, st.integers(1, 4))
def test_marks_are_the_lines_that_are_not_plain(text: str, steps: int) -> None:
    scan = scanned(text, LevelMatcher(bite=16), steps)
    levels = [level_of(line.encode().rstrip(b"\r\n")) for line in text.split("\n")]
    expected = [(row, level) for row, level in enumerate(levels) if level is not Level.PLAIN]
    assert list(zip(scan.rows, scan.levels, strict=True)) == expected


@given(st.lists(st.sampled_from(["abc", "cab", "", "xx ab ab"]), max_size=600))
def test_lines_with_a_text_are_found_whether_few_or_many(lines: list[str]) -> None:
    expected = [row for row, line in enumerate(lines) if "ab" in line]
    assert rows_with(b"ab", "\n".join(lines).encode()) == expected


def test_what_is_found_in_every_line_takes_no_memory() -> None:
    scan = scanned("error\n" * 500_000, matcher_of("r", bite=1 << 18))
    assert len(scan.rows) == 500_000
    assert {type(part.rows) for part in scan.rows._parts} == {range}


def test_a_match_across_the_break_of_a_long_line_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_index, "BLOCK", 16)
    text = "x" * 14 + "needle" + "x" * 40 + "needle"
    assert len(scanned(text, matcher_of("needle")).rows) == 2


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), st.integers(1, 3))
def test_lines_beside_a_long_one_are_found(lengths: list[int], steps: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_index, "BLOCK", 16)
        lines = [f"{'x' * length}ab" for length in lengths]
        text = "\n".join(lines)
        index = LineIndex(lambda offset, length: text.encode()[offset : offset + length])
        while index.extend(len(text)):
            pass
        found = scanned(text, matcher_of("ab"), steps).rows
        assert {index.line(row) for row in found} == set(range(1, len(lines) + 1))


def test_the_part_of_a_line_is_neither_error_nor_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_index, "BLOCK", 16)
    assert list(
        scanned("x" * 16 + "error: y" * 5 + "\nerror: z", LevelMatcher(bite=16)).levels
    ) == [Level.ERROR]


def test_a_needle_ignores_case_until_a_capital_is_typed() -> None:
    assert Needle("error").ignores_case
    assert not Needle("Error").ignores_case


def test_a_needle_is_no_pattern() -> None:
    assert Needle("a[b]*").spans("x a[b]* y") == [(2, 7)]


def test_case_is_ignored_beyond_ascii() -> None:
    assert list(scanned("eine GRÖSSE\neine GRÖßE", matcher_of("größe")).rows) == [1]
    assert Needle("größe").spans("GRÖSSE, GRÖßE") == [(8, 13)]


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
