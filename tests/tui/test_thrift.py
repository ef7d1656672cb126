"""Fewer bytes, the same screen: what the terminal shows is what it would have shown."""

from __future__ import annotations

import pyte
from hypothesis import given
from hypothesis import strategies as st

from pysteward.tui.thrift import Thrift

COLUMNS, LINES = 12, 4

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


FRAMES = st.lists(st.lists(paints(), max_size=6).map("".join), max_size=6)


def shown(frames: list[str]) -> list[list[tuple[object, ...]]]:
    screen = pyte.Screen(COLUMNS, LINES)
    stream = pyte.Stream(screen)
    for frame in frames:
        stream.feed(frame)
    return [[seen(screen.buffer[y][x]) for x in range(COLUMNS)] for y in range(LINES)]


def seen(cell: pyte.screens.Char) -> tuple[object, ...]:
    """All of a cell that can be seen: of a blank one nothing but its background and lines."""
    if cell.data != " " or cell.reverse or cell.underscore or cell.strikethrough or cell.blink:
        return tuple(cell)
    return (cell.data, cell.bg)


@given(FRAMES)
def test_the_screen_is_the_same(frames: list[str]) -> None:
    thrift = Thrift()
    assert shown([thrift.shorten(frame) for frame in frames]) == shown(frames)


@given(paints())
def test_what_is_painted_again_costs_nothing(paint: str) -> None:
    thrift = Thrift()
    thrift.shorten(paint)
    assert thrift.shorten(paint) == ""


@given(FRAMES)
def test_it_never_costs_more(frames: list[str]) -> None:
    thrift = Thrift()
    for frame in frames:
        assert len(thrift.shorten(frame)) <= len(frame) + len("\x1b[1;1H\x1b[m")


def test_after_forgetting_everything_is_written() -> None:
    thrift = Thrift()
    frame = "\x1b[1;1H\x1b[1mhello\x1b[0m"
    first = thrift.shorten(frame)
    assert thrift.shorten(frame) == ""
    thrift.forget()
    assert thrift.shorten(frame).replace("\x1b[1;1H", "") == first.replace("\x1b[1;1H", "")


def test_one_changed_cell_is_all_that_is_written() -> None:
    thrift = Thrift()
    thrift.shorten("\x1b[2;1H\x1b[31m" + "a" * 60 + "\x1b[0m")
    changed = thrift.shorten("\x1b[2;1H\x1b[31m" + "a" * 30 + "b" + "a" * 29 + "\x1b[0m")
    assert changed.startswith("\x1b[2;31H\x1b[31mb")
    assert changed.count("a") == 0


def test_what_is_not_text_is_passed_on() -> None:
    thrift = Thrift()
    for sequence in ("\x1b[?2026h", "\x1b]52;c;aGk=\x07", "\x1b[?2026$p", "\x1b[?25l", "\x1bc"):
        assert sequence in thrift.shorten(sequence)


def test_another_screen_is_taken_for_unknown() -> None:
    thrift = Thrift()
    frame = "\x1b[1;1Hhello"
    thrift.shorten(frame)
    thrift.shorten("\x1b[?1049l\x1b[?1049h")
    assert "hello" in thrift.shorten(frame)
