"""Trying out a change: installations on and off, new ones, another policy; what content gets."""

from __future__ import annotations

from dataclasses import replace

from textual.pilot import Pilot
from textual.widgets import Input, Static

from pysteward.core.upgrades import Effect
from pysteward.tui.app.demo_content import SUBJECTS
from pysteward.tui.app.tabs.upgrade.changes_table import MOST_ROWS
from pysteward.tui.app.tabs.upgrade.screen import UpgradeScreen
from pysteward.tui.app.widgets.field import Field
from pysteward.tui.app.widgets.filter_bar import FilterBar
from pysteward.tui.app.widgets.table import Table
from tests.app_upgrade.conftest import MakeApp
from tests.support.interface import analyzed, messages, rendered, rows, steward, text, until_shown
from tests.support.waiting import until

OPTIONS, CHANGES = "#options", "#changes"


def counts(pilot: Pilot[None]) -> str:
    return rendered(pilot.app.screen.query_one("#counts", Static))


async def add(pilot: Pilot[None], text: str) -> None:
    await pilot.press("plus")
    await pilot.pause()
    pilot.app.screen.query_one(Field).value = text
    await pilot.press("enter")
    await pilot.pause()


async def test_without_a_change_only_what_is_broken_moves(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        table = rows(pilot, CHANGES)
        assert len(table) == len(SUBJECTS)
        # 3.8.18 is broken already: what was deployed on it cannot stay.
        staying = {row.split()[4] for row in table if row.split()[1] == "keeps"}
        assert staying == {"3.6.15", "3.9.18", "3.11.7", "3.12.1"}
        moving = [row.split()[2] for row in table if row.split()[1] == "moves"]
        assert moving == ["inventory-app"]
        assert app.why_not("upgrade.today") == "nothing is changed"


async def test_the_table_follows_as_pythons_are_switched(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await pilot.press("j", "j", "j", "space")
        assert rows(pilot, OPTIONS)[3].split()[:3] == ["○", "3.9.18", "removed"]
        gone = [row for row in rows(pilot, CHANGES) if "sales-forecast" in row]
        assert gone[0].split()[1] == "fails"
        assert "4 -> 0" in rows(pilot, OPTIONS)[3]
        await add(pilot, "3.9.20, 3.8.20")
        moved = next(row for row in rows(pilot, CHANGES) if "sales-forecast" in row)
        assert moved.split()[1:] == ["moves", "sales-forecast", "3.9.2", "3.9.18", "3.9.20", "-"]
        await pilot.press("R")
        assert len(rows(pilot, OPTIONS)) == 7
        kept = next(row for row in rows(pilot, CHANGES) if "sales-forecast" in row)
        assert kept.split()[1] == "keeps"


async def test_what_fails_stands_first_and_says_what_would_help(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await pilot.press("space")
        assert rows(pilot, CHANGES)[0].split()[1] == "fails"
        assert "quarterly-report" in text(pilot, "#change")
        assert "nearest would take" in text(pilot, "#change")
        await pilot.press("p")
        assert "major-minor -> nearest" in counts(pilot)
        row = next(row for row in rows(pilot, CHANGES) if "quarterly-report" in row)
        assert row.split()[1] == "moves"


async def test_what_was_added_is_in_view_where_it_needs_a_scroll_bar_now(
    make_app: MakeApp,
) -> None:
    app = make_app()
    async with app.run_test(size=(80, 60)) as pilot:
        await analyzed(pilot)
        table = pilot.app.screen.query_one(OPTIONS, Table)
        room = table.size.height - 1
        new = [f"3.10.{patch}" for patch in range(1, room - len(rows(pilot, OPTIONS)) + 2)]
        await add(pilot, ", ".join(new))
        assert len(rows(pilot, OPTIONS)) == room + 1
        await until_shown(app, f"✓ {new[-1]}")


async def test_a_new_one_can_be_taken_away_and_a_real_one_cannot(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        assert (
            app.why_not("upgrade.remove") == "it is configured already; Space marks it for removal"
        )
        await add(pilot, "3.10.4")
        assert "added" in rows(pilot, OPTIONS)[-1]
        await pilot.press("space")
        assert "not added" in rows(pilot, OPTIONS)[-1]
        await pilot.press("minus")
        assert len(rows(pilot, OPTIONS)) == 7


async def test_what_is_no_version_is_refused_where_it_is_typed(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await analyzed(pilot)
        await add(pilot, "three")
        assert not isinstance(app.screen, UpgradeScreen)
        assert "'three' is not a Python version" in rendered(app.screen.query_one(Static))
        await pilot.press("escape")
        assert isinstance(app.screen, UpgradeScreen)


async def test_the_filter_and_the_way_back(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await pilot.press("slash", *"geocoder")
        await until(lambda: len(rows(pilot, CHANGES)) == 1)
        await pilot.press("enter")
        await pilot.press("escape")
        await until(lambda: not app.screen.query_one(FilterBar).is_open)
        assert len(rows(pilot, CHANGES)) == len(SUBJECTS)
        await pilot.press("escape")
        assert app.screen.query_one(OPTIONS).has_focus


async def test_its_request_goes_to_the_simulator(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        request = app.screen.selected.subject.request.text
        assert request
        await pilot.press("m")
        await until(lambda: app.current_mode == "simulator")
        await until(lambda: app.screen.query_one("#request", Input).value == request)


async def test_in_the_demonstration_nothing_is_asked_or_done(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await analyzed(pilot)
        for name in ("preflight", "apply", "plan"):
            assert "demonstration" in str(steward(pilot).why_not(f"upgrade.{name}"))
        assert app.why_not("upgrade.stop") == "no preflight is running"
        await pilot.press("u")
        await until(lambda: bool(messages(pilot)))
        assert "Not possible" in messages(pilot)[-1]


async def test_what_a_change_does_to_much_content_is_worked_out_while_keys_go_on(
    make_app: MakeApp,
) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, UpgradeScreen)
        much = tuple(
            replace(SUBJECTS[number % len(SUBJECTS)], name=f"content-{number}")
            for number in range(20_000)
        )
        screen._told((much, {}))
        assert "Computing the effects" in counts(pilot)
        assert screen.operations.why_no_preflight() is not None
        switched = screen.draft.switched(0)
        screen.change(switched)  # before the first answer is there
        await until(lambda: screen.simulation is not None, "an outlook")
        assert screen.simulation.before != screen.simulation.after
        assert sum(screen.simulation.counts.values()) == len(much)
        assert len(rows(pilot, CHANGES)) == MOST_ROWS
        worst = rows(pilot, CHANGES)[0].split()[1]
        assert screen.simulation.counts[Effect(worst)] > 0
