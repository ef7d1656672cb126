"""Where one is in a wrapped log: movement loses no line and repeats none."""

from __future__ import annotations

from hypothesis import given, strategies as st

from pysteward.tui.app.log.viewport import Position, Viewport

heights = st.lists(st.integers(1, 5), min_size=1, max_size=12)


def all_positions(sizes: list[int]) -> list[Position]:
    return [Position(place, part) for place, size in enumerate(sizes) for part in range(size)]


@given(heights, st.integers(1, 8), st.integers(-30, 30))
def test_moving_is_counting_screen_lines(sizes: list[int], height: int, lines: int) -> None:
    window, everything = Viewport(len(sizes), height, sizes.__getitem__), all_positions(sizes)
    for at, position in enumerate(everything):
        expected = everything[max(0, min(at + lines, len(everything) - 1))]
        assert window.moved(position, lines) == expected


@given(heights, st.integers(1, 8))
def test_at_the_end_the_last_line_is_at_the_bottom(sizes: list[int], height: int) -> None:
    window, everything = Viewport(len(sizes), height, sizes.__getitem__), all_positions(sizes)
    assert window.visible(window.end) == everything[-height:]


@given(heights, st.integers(1, 8))
def test_what_is_gone_to_is_seen(sizes: list[int], height: int) -> None:
    window = Viewport(len(sizes), height, sizes.__getitem__)
    for top in all_positions(sizes):
        for target in all_positions(sizes):
            shown = window.showing(window.clamped(top), target)
            assert target in window.visible(shown)


def test_what_is_gone_to_stands_on_the_last_line_only_at_the_end() -> None:
    window = Viewport(100, 26)
    for top in range(75):
        for target in range(top, top + 26):
            shown = window.visible(window.showing(Position(top), Position(target)))
            assert len([each for each in shown if each.place > target]) >= min(3, 99 - target)


def test_only_rows_near_the_window_are_measured() -> None:
    asked: set[int] = set()

    def parts(place: int) -> int:
        asked.add(place)
        return 3

    window = Viewport(1_000_000, 20, parts)
    window.visible(window.end)
    window.visible(window.moved(Position(500_000), 20))
    assert len(asked) < 60


def test_an_empty_log_has_nothing_to_show() -> None:
    window = Viewport(0, 10)
    assert window.end == Position(0)
    assert window.visible(window.end) == []
    assert window.moved(Position(0), 5) == Position(0)
