"""Lists: sorted, counted, marked, filtered by column; wide where something would be cut."""

from __future__ import annotations

import json
import os
from pathlib import Path

from textual.pilot import Pilot

from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.demo import DemoBackend
from pysteward.tui.app.list_memory import ListMemory, lists_file
from pysteward.tui.app.widgets.columns import (
    Cell,
    Column,
    Order,
    Row,
    in_order,
    needs_of,
    widths_of,
)
from pysteward.tui.app.widgets.filter_bar import matches
from pysteward.tui.app.widgets.table import Table
from pysteward.tui.terminal.capabilities import Terminal
from tests.app.conftest import MakeApp
from tests.support.interface import analyzed, rows, screen_text
from tests.support.waiting import until

COLUMNS = (Column("Name"), Column("Took", 6), Column("Python", 8))


def row(name: str, took: float, python: str) -> Row:
    return Row(name, (Cell(name), Cell(f"{took:.0f}s", order=took), Cell(python)))


ROWS = (row("b", 70, "3.10.1"), row("a", 8, "3.9.2"), row("c", 9, "-"))


def keys(order: Order | None) -> str:
    return "".join(each.key for each in in_order(ROWS, order))


def test_rows_are_sorted_by_what_a_cell_stands_for_and_versions_as_numbers() -> None:
    assert keys(None) == "bac"
    assert keys(Order(0)) == "abc"
    assert keys(Order(1)) == "acb"
    assert keys(Order(1, is_falling=True)) == "bca"
    assert keys(Order(2)) == "abc", "3.9 comes before 3.10"


def test_what_has_nothing_there_comes_last_in_both_directions() -> None:
    assert keys(Order(2))[-1] == keys(Order(2, is_falling=True))[-1] == "c"


def test_a_word_for_one_column_looks_nowhere_else() -> None:
    fields = {"content": "report-3.8", "python": "13.8.1", "outcome": "failed"}
    assert matches(fields, ("outcome:fail", "report"))
    assert not matches(fields, ("python:3.8",))
    assert matches({**fields, "python": "3.8.1"}, ("python:3.8",))
    assert matches({"address": "https://example"}, ("https://",)), "no such column: a word"


def test_the_room_that_a_column_does_not_need_goes_to_the_one_that_is_cut() -> None:
    columns = (Column("Content"), Column("Doing", 10))
    texts = (Row("1", (Cell("short"), Cell("a sentence that is too long"))),)
    name, doing = widths_of(columns, needs_of(columns, texts), 60)
    assert doing >= len("a sentence that is too long")
    assert name >= len("Content")
    name, doing = widths_of(columns, needs_of(columns, texts), 30)
    assert (name >= 8, doing) == (True, 19), "as far as there is room"


def head(pilot: Pilot[None]) -> str:
    return next(line for line in screen_text(pilot.app).splitlines() if "Verdict" in line)


async def test_a_key_sorts_by_each_column_and_another_turns_the_order(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        given = rows(pilot)
        await pilot.press("s", "s")
        assert "Version ▲" in head(pilot)
        assert rows(pilot) == sorted(
            given, key=lambda each: [int(n) for n in each.split()[2].split(".")]
        )
        ascending = rows(pilot)
        await pilot.press("S")
        assert rows(pilot) == ascending[::-1]
        assert "Version ▼" in head(pilot)
        table = app.screen.query_one(Table)
        await pilot.press(*["s"] * (len(table.columns) - 1))
        assert rows(pilot) == given, "after the last column as they were"


async def test_a_click_on_a_head_sorts_by_it_and_the_cursor_keeps_its_row(
    make_app: MakeApp,
) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        table = app.screen.query_one(Table)
        await pilot.press("j", "j")
        selected = table.key
        await pilot.click(Table, offset=(head(pilot).index("Version") + 1, 1))
        assert table.order == Order(1)
        assert table.key == selected
        await pilot.click(Table, offset=(head(pilot).index("Version") + 1, 1))
        assert table.order == Order(1, is_falling=True)
        await pilot.click(Table, offset=(head(pilot).index("Version") + 1, 1))
        assert table.order is None


async def test_the_title_counts_and_the_filter_says_of_how_many(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await analyzed(pilot)
        total = len(rows(pilot))
        await pilot.press("j", "j")
        assert f"Installations 3 of {total}" in screen_text(app)
        await pilot.press("slash", *"version:3.8", "enter")
        left = len(rows(pilot))
        assert 0 < left < total
        await pilot.pause()
        assert f"of {left}, {total} in all" in screen_text(app)


async def test_a_sorted_list_is_sorted_the_next_time(tmp_path: Path) -> None:
    file = tmp_path / "config" / "lists.json"
    for keys_pressed in (("s", "s", "S"), ()):
        app = StewardApp(DemoBackend(pause=0), Terminal(), lists=ListMemory(file))
        async with app.run_test(size=(120, 40)) as pilot:
            await analyzed(pilot)
            await pilot.press(*keys_pressed)
            assert app.screen.query_one(Table).order == Order(1, is_falling=True)
            await until(file.exists, "the file")
    assert json.loads(file.read_text()) == {"installations": "-Version"}


def test_a_file_that_is_no_such_file_leaves_the_lists_as_they_are(tmp_path: Path) -> None:
    for text in ("[1]", "{", '{"builds": 3}', "[" * 9_000):
        (tmp_path / "lists.json").write_text(text)
        assert ListMemory(tmp_path / "lists.json").order("builds") == ""
    os.mkfifo(tmp_path / "pipe")
    assert ListMemory(tmp_path / "pipe").order("builds") == ""
    assert lists_file({"XDG_CONFIG_HOME": "/x"}) == Path("/x/pysteward/lists.json")
    assert lists_file({}) is None


async def test_installations_are_shown_on_a_timeline_with_todays_line(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await analyzed(pilot)
        await pilot.press("j", "t")
        table = app.screen.query_one(Table)
        assert table.key == "1"
        charts = {row.cells[0].text: row.cells[1].text for row in table.rows}
        today = charts["3.13.0"].index("│")
        assert all(chart[today] == "│" for chart in charts.values()), "one line through all"
        assert "━" not in charts["3.6.15"][today:], "its support has ended"
        assert "━" in charts["3.13.0"][today:]
        bars = {row.cells[0].text: row.cells[2].text.count("━") for row in table.rows}
        used = {str(each.version): app.session.used_by(each) for each in app.session.installations}
        assert bars["3.13.0"] == used["3.13.0"] == 0
        assert max(bars, key=lambda version: bars[version]) == max(used, key=lambda v: used[v])
        await pilot.press("t")
        assert len(table.columns) == 7
        assert table.key == "1"
