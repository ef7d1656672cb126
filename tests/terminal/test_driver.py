"""Fewer bytes, the same screen: what the terminal shows is what it would have shown."""

from __future__ import annotations

from random import Random

import pyte
import pytest
from hypothesis import given, strategies as st

from pysteward.tui.terminal.driver import OutputMinimizer

COLUMNS, LINES = 12, 7

PENS = st.sampled_from(
    ["", "0", "1", "1;31", "38;5;188;48;5;16", "7;38;2;1;2;3", "4;92;48;2;9;8;7", "3;39;49"]
)
TEXTS = st.text(st.sampled_from("ab 漢ü"), min_size=1, max_size=COLUMNS // 2)


@st.composite
def paints(draw: st.DrawFn) -> str:
    """A piece of text at a place, as Textual writes it."""
    text = draw(TEXTS)
    row = draw(st.integers(1, LINES))
    column = draw(st.integers(1, COLUMNS - 2 * len(text) + 1 if len(text) < 6 else 1))
    return f"\x1b[{row};{column}H\x1b[{draw(PENS)}m{text}\x1b[0m"


def blank_rows() -> st.SearchStrategy[str]:
    """A row that begins with some text and else is blank, as most rows are."""
    return st.builds(
        lambda row, pen, text: f"\x1b[{row};1H\x1b[{pen}m{text:<{COLUMNS}}\x1b[0m",
        st.integers(1, LINES),
        PENS,
        st.text("ab", max_size=3),
    )


LOG = [f"{n:<3}{'漢ab'[n % 3] * (n % 5)}" for n in range(30)]
LOG = [f"{line:<{COLUMNS - line.count('漢')}}" for line in LOG]


@st.composite
def pages(draw: st.DrawFn) -> str:
    """Some rows of the terminal filled with some lines of a log, whose width they may not have."""
    top, line = draw(st.integers(1, 3)), draw(st.integers(0, 9))
    pen, cut = draw(PENS), draw(st.sampled_from([COLUMNS, COLUMNS, COLUMNS - 3]))
    return "".join(
        f"\x1b[{row};1H\x1b[{pen}m{LOG[line + row][:cut]}\x1b[0m"
        for row in range(top, draw(st.integers(top, LINES)) + 1)
    )


FRAMES = st.lists(st.lists(paints() | blank_rows() | pages(), max_size=6).map("".join), max_size=6)


def shown(
    frames: list[str], columns: int = COLUMNS, lines: int = LINES
) -> list[list[tuple[object, ...]]]:
    screen = pyte.Screen(columns, lines)
    stream = pyte.Stream(screen)
    for frame in frames:
        stream.feed(frame)
    return [[seen(screen.buffer[y][x]) for x in range(columns)] for y in range(lines)]


def seen(cell: pyte.screens.Char) -> tuple[object, ...]:
    """All of a cell that can be seen: of a blank one nothing but its background and lines."""
    if cell.data != " " or cell.reverse or cell.underscore or cell.strikethrough or cell.blink:
        return tuple(cell)
    return (cell.data, cell.bg)


@given(FRAMES, st.sampled_from([0, COLUMNS]), st.booleans())
def test_the_screen_is_the_same(frames: list[str], columns: int, clears: bool) -> None:
    minimizer = OutputMinimizer()
    minimizer.columns, minimizer.clears_in_color = columns, clears
    assert shown([minimizer.shorten(frame) for frame in frames]) == shown(frames)


@given(paints())
def test_what_is_painted_again_costs_nothing(paint: str) -> None:
    minimizer = OutputMinimizer()
    minimizer.shorten(paint)
    assert minimizer.shorten(paint) == ""


@given(FRAMES)
def test_it_never_costs_more(frames: list[str]) -> None:
    minimizer = OutputMinimizer()
    for frame in frames:
        assert len(minimizer.shorten(frame)) <= len(frame) + len("\x1b[1;1H\x1b[m")


def test_after_forgetting_everything_is_written() -> None:
    minimizer = OutputMinimizer()
    frame = "\x1b[1;1H\x1b[1mhello\x1b[0m"
    first = minimizer.shorten(frame)
    assert minimizer.shorten(frame) == ""
    minimizer.forget()
    assert minimizer.shorten(frame).replace("\x1b[H", "") == first.replace("\x1b[H", "")


def test_one_changed_cell_is_all_that_is_written() -> None:
    minimizer = OutputMinimizer()
    minimizer.shorten("\x1b[2;1H\x1b[31m" + "a" * 60 + "\x1b[0m")
    changed = minimizer.shorten("\x1b[2;1H\x1b[31m" + "a" * 30 + "b" + "a" * 29 + "\x1b[0m")
    assert changed.startswith("\x1b[2;31H\x1b[31mb")
    assert changed.count("a") == 0


def test_spaces_cost_no_colour() -> None:
    minimizer = OutputMinimizer()
    assert minimizer.shorten("\x1b[1;1H\x1b[31ma\x1b[32m   \x1b[31mb\x1b[0m").count("m") == 2
    assert "\x1b[0;42m" in minimizer.shorten("\x1b[2;1H\x1b[31ma\x1b[0;42m   \x1b[0m")


def test_the_rest_of_a_row_is_cleared_at_one_go() -> None:
    minimizer = OutputMinimizer()
    minimizer.columns, minimizer.clears_in_color = 40, True
    minimizer.shorten(f"\x1b[1;1H\x1b[1;48;5;16m{'some words':<40}\x1b[0m")
    assert minimizer.shorten(f"\x1b[1;1H\x1b[1;48;5;16m{'some':<40}\x1b[0m").count(" ") == 0
    under = minimizer.shorten(f"\x1b[2;1H\x1b[4m{'':<40}\x1b[0m")
    assert under.count(" ") == 40, "a line under blanks is no blank"


@pytest.mark.parametrize("by", [1, 3, -1, -4])
def test_a_log_that_goes_on_costs_the_new_lines(by: int) -> None:
    def page(first: int) -> str:
        lines = ("".join(Random(n).choices("abcdefgh ", k=80)) for n in range(first, first + 20))
        return "".join(f"\x1b[{row};1H{line}" for row, line in enumerate(lines, 3))

    minimizer = OutputMinimizer()
    minimizer.columns = 80
    before, after = page(100), page(100 + by)
    header, footer = f"\x1b[1;1H{'header':<80}", f"\x1b[24;1H{'footer':<80}"
    frames = [minimizer.shorten(frame) for frame in (header + before + footer, after)]
    assert len(frames[-1]) <= 60 + abs(by) * 90
    assert shown(frames, 80, 24) == shown([header + before + footer, after], 80, 24)


def test_what_is_not_text_is_passed_on() -> None:
    minimizer = OutputMinimizer()
    for sequence in ("\x1b[?2026h", "\x1b]52;c;aGk=\x07", "\x1b[?2026$p", "\x1b[?25l", "\x1bc"):
        assert sequence in minimizer.shorten(sequence)


def test_another_screen_is_taken_for_unknown() -> None:
    minimizer = OutputMinimizer()
    frame = "\x1b[1;1Hhello"
    minimizer.shorten(frame)
    minimizer.shorten("\x1b[?1049l\x1b[?1049h")
    assert "hello" in minimizer.shorten(frame)
