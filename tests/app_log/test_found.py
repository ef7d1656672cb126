"""The rows that were found, packed, are the rows that were added."""

from __future__ import annotations

from bisect import bisect_left

import pytest
from hypothesis import given, strategies as st

from pysteward.tui.app.log.found_rows import Found

chunks = st.lists(st.sets(st.integers(0, 70_000), min_size=1, max_size=6).map(sorted), max_size=6)


def filled(chunks: list[list[int]]) -> tuple[Found, list[int]]:
    found, expected = Found(), list[int]()
    for nth, rows in enumerate(chunks):
        found.add(nth * 100_000, rows)
        expected += [nth * 100_000 + row for row in rows]
    return found, expected


@given(chunks)
def test_it_is_the_sequence_of_what_was_added(chunks: list[list[int]]) -> None:
    found, expected = filled(chunks)
    assert list(found) == expected == found[:]
    assert len(found) == len(expected)
    with pytest.raises(IndexError):
        found[len(expected)]
    if expected:
        assert found[-1] == expected[-1]


@given(chunks, st.integers(0, 600_000))
def test_a_place_is_how_many_lie_before(chunks: list[list[int]], row: int) -> None:
    found, expected = filled(chunks)
    assert found.place(row) == bisect_left(expected, row)


@given(chunks, st.integers(0, 600_000))
def test_what_is_taken_back_is_gone(chunks: list[list[int]], row: int) -> None:
    found, expected = filled(chunks)
    found.take_back(row)
    assert list(found) == [each for each in expected if each < row]
