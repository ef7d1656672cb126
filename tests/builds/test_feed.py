"""What a program writes becomes lines: whole, masked, bounded."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, strategies as st

from pysteward.core.builds.runner import LONGEST_LINE, LineFeed
from pysteward.core.secrets import KnownSecrets


def fed(
    *chunks: bytes,
    chosen: Callable[[str], bool] | None = None,
    quiet: bool = False,
    room: int = 1 << 20,
) -> list[str]:
    written: list[str] = []
    feed = LineFeed(written.append, chosen, quiet=quiet, room=room, secrets=KnownSecrets())
    for chunk in (*chunks, None):
        feed.take(chunk)
    assert all(text.endswith("\n") for text in written)
    return "".join(written).split("\n")[:-1]


@given(st.lists(st.binary(max_size=20).filter(lambda data: b"\r" not in data)))
def test_how_the_output_is_cut_into_pieces_makes_no_difference(chunks: list[bytes]) -> None:
    whole = b"".join(chunks)
    assert fed(*chunks) == fed(whole)
    expected = whole.split(b"\n")
    if not expected[-1]:
        expected.pop()
    assert fed(whole) == [line.decode("utf-8", "backslashreplace") for line in expected]


def test_a_password_is_masked_also_where_the_pieces_cut_it() -> None:
    assert fed(b"get https://alice:hun", b"ter2@example.org/x\n") == [
        "get https://alice:****@example.org/x"
    ]


def test_a_progress_bar_leaves_what_a_terminal_would_show_in_the_end() -> None:
    assert fed(b"10%\r50%\r100%\r\ndone\r\n") == ["100%", "done"]


def test_a_line_of_many_megabytes_is_cut_and_what_is_left_out_is_counted() -> None:
    for chunks in ([b"x" * 3_000_000 + b"\n"], [b"x" * 1000] * 3000 + [b"\n"]):
        (line,) = fed(*chunks)
        assert line == "x" * LONGEST_LINE + f"... (+{3_000_000 - LONGEST_LINE} bytes)"


def test_lines_that_were_not_chosen_stay_out_and_the_chooser_sees_them_unmasked() -> None:
    seen: list[str] = []

    def chosen(line: str) -> bool:
        seen.append(line)
        return "keep" in line

    assert fed(b"keep http://a:b@c/\nleave\n", chosen=chosen) == ["keep http://a:****@c/"]
    assert seen == ["keep http://a:b@c/", "leave"]


def test_a_quiet_program_is_heard_only_by_the_chooser() -> None:
    seen: list[str] = []
    assert fed(b"one\ntwo", chosen=lambda line: not seen.append(line), quiet=True) == []
    assert seen == ["one", "two"]


def test_a_program_that_writes_for_ever_is_not_heard_any_more() -> None:
    lines = fed(*[b"yes\n"] * 1000, room=100)
    assert lines[:25] == ["yes"] * 25
    assert lines[25].startswith("pysteward: the log ends here")
    assert len(lines) == 26
