from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, strategies as st

from pysteward.core.safe_text import (
    MOST_MARKS,
    decode,
    safe,
    safe_line,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("requests[security]>=2.0", "requests[security]>=2.0"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("a\u202eb", "a\\u202eb"),
        ("a\r\nb", "a\\r\\nb"),
        ("a\tb", "a       b"),
        ("a\xa0b", "a b"),
        ("caf\u00e9 \u8cea", "caf\u00e9 \u8cea"),
        ("\u2764\ufe0f", "\u2764\\ufe0f"),
        ("\udcff", "\\xff"),
        ("\ud800", "\\ud800"),
        ("\u2028", "\\u2028"),
    ],
)
def test_what_is_dangerous_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert safe_line(text) == shown


def test_a_letter_keeps_only_so_many_marks() -> None:
    shown = safe_line("e" + "\u0301" * 500 + "x")
    assert shown.count("\u0301") == MOST_MARKS
    assert shown.endswith("x (+496 combining marks)")


def test_a_long_line_says_how_much_is_left_out() -> None:
    assert safe_line("a" * 1_000_100, limit=100) == "a" * 100 + "\u2026 (+1,000,000 characters)"


def test_bytes_that_are_no_text_are_shown_as_bytes() -> None:
    assert safe_line(decode(b"caf\xe9")) == "caf\\xe9"


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=80))
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    for shown in (safe_line(text), *safe(text).split("\n")):
        assert shown.isprintable()
        assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in shown)


awkward = st.text(
    st.one_of(
        st.sampled_from("a\t\n\r \x1b\u202e\xe9\u0301\ufe0f\u3000\u2501\ud83d\udcff"),
        st.characters(codec=None, exclude_categories=()),
    ),
    max_size=60,
)


@given(awkward)
def test_several_lines_are_made_safe_each_as_if_it_stood_alone(text: str) -> None:
    lines = text.replace("\r\n", "\n").split("\n")
    assert safe(text).split("\n") == [safe_line(line) for line in lines]


def test_so_are_lines_of_very_many_different_characters() -> None:
    text = "\n".join(map(chr, range(0x3000)))
    lines = text.replace("\r\n", "\n").split("\n")
    assert safe(text).split("\n") == [safe_line(line) for line in lines]


@given(st.text(max_size=80))
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    assert safe_line(safe_line(text)) == safe_line(text) or "combining" in safe_line(text)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_printable_ascii_is_not_touched(text: str) -> None:
    assert safe_line(text) == text
    assert safe(text) == text


@given(st.binary(max_size=200))
def test_any_bytes_can_be_shown(data: bytes) -> None:
    assert safe_line(decode(data)).isprintable()
