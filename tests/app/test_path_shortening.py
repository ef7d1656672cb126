"""Paths in few columns: what tells them apart is what stays."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from rich.cells import cell_len

from pysteward.tui.app.widgets.path_shortening import SharedParts
from pysteward.tui.terminal.display import Display

BUILT = [f"/opt/python/{version}/bin/python3" for version in ("3.8.18", "3.9.18", "3.11.7")]
PYENV = [f"/home/.pyenv/versions/{version}/bin/python" for version in ("3.10.13", "3.11.7")]


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (29, "…/python/3.8.18/bin/python3"),
        (20, "…/3.8.18/bin/python3"),
        (19, "…/3.8.18/…/python3"),
        (10, "…/3.8.18/…"),
        (6, "3.8.18"),
    ],
)
def test_what_all_paths_share_goes_first(width: int, shown: str) -> None:
    assert SharedParts(BUILT).shorten(BUILT[0], width, Display()) == shown


def test_a_version_stays_where_other_parts_are_as_rare() -> None:
    paths = [*PYENV, "/opt/python/3.4.2/bin/python3"]
    assert SharedParts(paths).shorten(paths[-1], 12, Display()) == "…/3.4.2/…"
    assert SharedParts(paths).shorten(paths[-1], 24, Display()) == "/opt/…/3.4.2/bin/python3"


def test_paths_that_differ_in_their_directory_show_that() -> None:
    paths = ["/srv/blue/3.9.18/bin/python3", "/srv/green/3.9.18/bin/python3"]
    shown = [SharedParts(paths).shorten(path, 19, Display()) for path in paths]
    assert shown == ["…/blue/3.9.18/…", "…/green/3.9.18/…"]


def test_without_unicode_no_path_seems_to_lie_in_a_home() -> None:
    shown = SharedParts(BUILT).shorten(BUILT[1], 24, Display(unicode=False))
    assert shown == ".../3.9.18/bin/python3"


def test_what_is_no_path_loses_its_middle() -> None:
    assert SharedParts(["a/b"]).shorten("team/sales-forecast", 10, Display()) == "tea…recast"


@given(st.lists(st.text("abc/3.漢"), min_size=1), st.integers(5, 40), st.booleans())
def test_nothing_is_ever_wider_than_its_room(paths: list[str], width: int, unicode: bool) -> None:
    shared = SharedParts(paths)
    assert all(cell_len(shared.shorten(path, width, Display(unicode))) <= width for path in paths)
