"""Lines as cells: whatever is cut or wrapped, no cell is lost and none is too many."""

from __future__ import annotations

from hypothesis import given, strategies as st
from rich.cells import cell_len

from pysteward.core.safe_text import safe_line
from pysteward.tui.app.log.cells import Cells

texts = st.text(
    st.sampled_from("ab 日本ｗé\u0301\u0308漢\x1b\u202e\U0001f600ก\u0e33\t"), max_size=30
).map(safe_line)


@given(texts)
def test_the_width_is_what_textual_takes_it_for(text: str) -> None:
    assert Cells(safe_line(text)).width == cell_len(text)


@given(texts, st.integers(0, 40), st.integers(1, 40))
def test_a_cut_fits_its_width_and_fills_it_where_there_is_text(
    text: str, cell: int, width: int
) -> None:
    cells = Cells(safe_line(text))
    first, after, blank = cells.cut(cell, width)
    taken = blank + cells.columns(first, after)
    assert taken == cell_len(" " * blank + text[first:after])
    assert taken <= width + blank
    # Only the first half of a wide character may be missing at the end.
    assert taken >= min(width, cells.width - cell) - 1


@given(texts, st.integers(2, 40))
def test_wrapped_rows_are_the_line_in_pieces_that_fit(text: str, width: int) -> None:
    cells = Cells(safe_line(text))
    rows = [cells.row(nth, width) for nth in range(cells.rows(width))]
    assert "".join(text[a:b] for a, b in rows) == text
    assert all(cell_len(text[a:b]) <= width for a, b in rows)
    for nth, (first, after) in enumerate(rows):
        assert all(cells.row_of(character, width) == nth for character in range(first, after))


def test_half_a_wide_character_is_blank() -> None:
    cells = Cells(safe_line("日本"))
    assert cells.cut(1, 10) == (1, 2, 1)
    assert cells.cut(0, 3) == (0, 1, 0)


def test_an_empty_line_takes_a_row() -> None:
    assert Cells(safe_line("")).rows(10) == 1
