"""The index of rows, as laws over any bytes; blocks are made small, so a few bytes fill many."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from pysteward.tui.app.log import line_index
from pysteward.tui.app.log.line_index import LineIndex, without_line_end

BLOCK = 8


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_index, "BLOCK", BLOCK)
        patch.setattr(line_index, "CHUNK", 2 * BLOCK)
        yield


logs = st.lists(
    st.one_of(
        st.binary(max_size=6).map(lambda text: text.replace(b"\n", b"") + b"\n"),
        st.integers(0, 50).map(lambda size: b"x" * size + b"\n"),
        st.sampled_from([b"\r\n", b"\x0c\n", "\u2028\n".encode(), "äöü日本\n".encode() * 3]),
        st.integers(1, 40).map(lambda size: b"y" * size),
    ),
    max_size=12,
).map(b"".join)


def index_of(data: bytes, steps: list[int] | None = None) -> LineIndex:
    index = LineIndex(lambda offset, length: data[offset : offset + length])
    for size in [*sorted(steps or []), len(data)]:
        while index.extend(min(size, len(data))):
            pass
    return index


@given(logs)
def test_rows_are_the_log_in_pieces_and_nothing_is_lost(data: bytes) -> None:
    index = index_of(data)
    starts = [index.start(row) for row in range(index.extent.rows + 1)]
    assert b"".join(data[a:b] for a, b in pairwise(starts)) == data
    assert starts == sorted(set(starts)) or not data


@given(logs)
def test_lines_are_what_lies_between_line_feeds(data: bytes) -> None:
    index = index_of(data)
    lines: dict[int, bytes] = {}
    for row in range(index.extent.rows):
        start, end = index.start(row), index.start(row + 1)
        lines[index.line(row)] = lines.get(index.line(row), b"") + data[start:end]
    expected = [*data.split(b"\n")]
    if not expected[-1]:
        expected.pop()
    assert [line.removesuffix(b"\n") for line in lines.values()] == expected
    assert list(lines) == list(range(1, len(expected) + 1))


@given(logs)
def test_no_row_is_longer_than_two_blocks_and_no_short_line_is_broken(data: bytes) -> None:
    index = index_of(data)
    for row in range(index.extent.rows):
        # A character that a break would cut goes to the row before it.
        assert index.start(row + 1) - index.start(row) <= 2 * BLOCK + 3
        if index.continues(row):
            whole = data[: index.start(row)].rpartition(b"\n")[2]
            assert len(whole) + len(data[index.start(row) :].partition(b"\n")[0]) >= BLOCK


@given(logs, st.lists(st.integers(0, 200), max_size=5))
def test_a_log_that_grows_has_the_same_index_in_the_end(data: bytes, steps: list[int]) -> None:
    grown, whole = index_of(data, steps), index_of(data)
    assert grown.extent == whole.extent
    rows = range(whole.extent.rows + 1)
    assert [grown.start(row) for row in rows] == [whole.start(row) for row in rows]
    assert [grown.line(row) for row in rows] == [whole.line(row) for row in rows]


@given(logs.filter(bool))
def test_every_byte_is_found_in_its_row(data: bytes) -> None:
    index = index_of(data)
    for offset in range(len(data)):
        row = index.row_at(offset)
        assert index.start(row) <= offset < index.start(row + 1)


@given(logs.filter(bool))
def test_a_line_is_found_by_its_number(data: bytes) -> None:
    index = index_of(data)
    for row in range(index.extent.rows):
        if not index.continues(row):
            assert index.row_of_line(index.line(row)) == row


@given(logs)
def test_breaks_are_the_rows_that_begin_inside_a_line(data: bytes) -> None:
    index = index_of(data)
    rows = range(index.extent.rows)
    assert index.breaks(0, len(data)) == [index.start(row) for row in rows if index.continues(row)]


def test_a_long_line_is_not_broken_inside_a_character() -> None:
    data = "日本語のとても長い行です".encode()
    index = index_of(data)
    assert index.extent.rows > 1
    for row in range(index.extent.rows):
        index.data(row).decode()


def test_a_file_that_is_cut_short_has_empty_rows_where_it_had_lines() -> None:
    data = b"one\ntwo\nthree\nfour\nfive\n"
    index = LineIndex(lambda offset, length: data[offset : offset + length])
    while index.extend(len(data)):
        pass
    data = b"one\n"
    assert [index.data(row) for row in range(index.extent.rows)][:1] == [b"one"]
    assert index.data(4) == b""


def test_a_line_end_is_a_line_feed_with_or_without_a_carriage_return() -> None:
    assert without_line_end(b"a\r\n") == b"a"
    assert without_line_end(b"a\n") == b"a"
    assert without_line_end(b"10%\r20%\r") == b"10%\r20%\r"
