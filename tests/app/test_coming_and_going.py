"""Esc leads back to where one came from; what runs is seen on every screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from pysteward.core.errors import StewardError
from pysteward.core.upgrades import PlanFile
from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.background import call
from pysteward.tui.app.dialogs.help import HelpScreen
from pysteward.tui.app.dialogs.palette import Palette
from pysteward.tui.app.tabs.builds.build_screen import BuildScreen
from pysteward.tui.app.tabs.upgrade.plan_screen import UpgradePlanScreen
from pysteward.tui.app.widgets.field import Field
from pysteward.tui.app.widgets.footer import Footer
from pysteward.tui.app.widgets.header import Header
from pysteward.tui.app.widgets.path_field import PathField
from pysteward.tui.app.widgets.table import Table
from pysteward.tui.start import SimulatorStart
from pysteward.tui.terminal.capabilities import Terminal
from tests.app.conftest import MakeApp
from tests.app_upgrade.desk import PLAN, Desk, Planned
from tests.support.bundles import write_bundle
from tests.support.interface import analyzed, is_shown, messages, rendered, rows, screen_text
from tests.support.showcase import Showcase
from tests.support.waiting import until


@pytest.fixture
def showcase(tmp_path: Path) -> Iterator[Showcase]:
    source = Showcase(tmp_path)
    yield source
    source.close()


def header(pilot: Pilot[None]) -> str:
    return rendered(pilot.app.screen.query_one(Header))


async def content_listed(pilot: Pilot[None]) -> None:
    await analyzed(pilot)
    await until(lambda: len(rows(pilot)) == 5, "content")


async def test_esc_leads_from_a_build_back_to_the_content_it_was_opened_from(
    showcase: Showcase,
) -> None:
    app = StewardApp(showcase, Terminal(), first="content")
    async with app.run_test(size=(120, 40)) as pilot:
        await content_listed(pilot)
        await pilot.press("j", "j")
        selected = app.screen.query_one(Table).key
        await pilot.press("l")
        await until(lambda: is_shown(app.screen, BuildScreen), "the build")
        await pilot.press("escape")
        await until(lambda: app.current_mode == "content", "the way back")
        assert app.screen.query_one(Table).key == selected


async def test_the_build_that_was_opened_is_the_one_selected_in_the_list(
    showcase: Showcase,
) -> None:
    app = StewardApp(showcase, Terminal(), first="content")
    async with app.run_test(size=(120, 40)) as pilot:
        await content_listed(pilot)
        name = app.screen.query_one(Table).key
        await pilot.press("l")
        await until(lambda: is_shown(app.screen, BuildScreen), "the build")
        await pilot.press("4")
        await until(lambda: not isinstance(app.screen, BuildScreen), "the list")
        table = app.screen.query_one(Table)
        await until(lambda: table.key == showcase.build(str(name)), "the selection")


async def test_a_number_key_forgets_the_way_back(showcase: Showcase) -> None:
    app = StewardApp(showcase, Terminal(), first="content")
    async with app.run_test(size=(120, 40)) as pilot:
        await content_listed(pilot)
        await pilot.press("m")
        await until(lambda: app.current_mode == "simulator", "the simulator")
        await pilot.press("6", "escape")
        await pilot.pause()
        assert app.current_mode == "settings"


async def test_every_screen_shows_what_runs_and_a_key_goes_there(showcase: Showcase) -> None:
    app = StewardApp(showcase, Terminal(), first="settings")
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await until(lambda: "▶ 1 running" in header(pilot), "the count")
        await pilot.press("exclamation_mark")
        await until(lambda: is_shown(app.screen, BuildScreen), "the running build")
        await until(lambda: "pricing-engine" in screen_text(app), "its name")


async def test_a_build_that_fails_meanwhile_is_told_and_counted(showcase: Showcase) -> None:
    app = StewardApp(showcase, Terminal(), first="settings")
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await until(lambda: "▶ 1 running" in header(pilot), "the count")
        showcase.close()  # its worker is gone
        await until(lambda: "running" not in header(pilot), "its end")
        assert app.current_mode == "settings", "nothing moves by itself"


async def test_the_footer_names_no_keys_that_a_dialog_has_taken(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        footer = app.screen.query_one(Footer)
        assert "Help" in rendered(footer)
        await pilot.press("question_mark")
        await until(lambda: is_shown(app.screen, HelpScreen), "help")
        assert not rendered(footer).strip()
        await pilot.press("escape")
        await until(lambda: "Help" in rendered(footer), "the keys again")


async def test_help_and_commands_open_during_the_tour(make_app: MakeApp) -> None:
    app = make_app(first="simulator", given=SimulatorStart(tour=True))
    async with app.run_test(size=(80, 24)) as pilot:
        await analyzed(pilot)
        await until(lambda: "Tour 1 of" in screen_text(app), "the tour")
        assert "hypothetical server" in screen_text(app)
        assert "5/7 usable" not in screen_text(app)
        await pilot.press("question_mark")
        await until(lambda: is_shown(app.screen, HelpScreen), "help")
        await pilot.press("escape", "colon")
        await until(lambda: is_shown(app.screen, Palette), "commands")


async def test_the_demo_offers_no_remedy_to_run(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await pilot.press("j", "j")
        await pilot.pause()
        assert "Remedy" in screen_text(app)
        assert "x runs it" not in screen_text(app)


async def test_deploy_says_which_python_matches_and_by_which_rule(
    showcase: Showcase, tmp_path: Path
) -> None:
    bundle = write_bundle(tmp_path / "bundle", "flask==3.0.3\n", python="3.11.2")
    app = StewardApp(showcase, Terminal(), first="content")
    async with app.run_test(size=(120, 40)) as pilot:
        await content_listed(pilot)
        await pilot.press("d")
        await until(lambda: bool(app.screen.query("#bundle")), "the dialog")
        app.screen.query_one("#bundle", Field).value = str(bundle)
        await pilot.press("enter")
        said = app.screen.query_one("#said", Static)
        await until(lambda: "gets 3.11.7 by rule least-greater" in rendered(said), "a match")


async def test_tab_completes_what_all_candidates_share(showcase: Showcase, tmp_path: Path) -> None:
    for name in ("report-one.log", "report-two.log"):
        (tmp_path / name).write_text("x\n")
    app = StewardApp(showcase, Terminal(), first="diagnosis")
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await pilot.press("O")
        await until(lambda: bool(app.screen.query(PathField)), "the field")
        field = app.screen.query_one(PathField)
        field.value = f"{tmp_path}/rep"
        await pilot.press("tab")
        await until(lambda: field.value == f"{tmp_path}/report-", "the common part")
        await until(lambda: "report-two.log" in screen_text(app), "the candidates")
        field.value += "o"
        await pilot.press("end", "tab")
        await until(lambda: field.value == f"{tmp_path}/report-one.log", "the only one")


async def test_a_dialog_that_fails_keeps_what_was_typed_and_says_why(
    showcase: Showcase, tmp_path: Path
) -> None:
    app = StewardApp(showcase, Terminal(), first="builds")
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await pilot.press("o")
        await until(lambda: bool(app.screen.query(PathField)), "the field")
        field = app.screen.query_one(PathField)
        field.value = str(tmp_path / "missing.tar.gz")
        await pilot.press("enter")
        said = app.screen.query_one(Static)
        await until(lambda: "missing.tar.gz" in rendered(said), "the reason")
        assert field.value == str(tmp_path / "missing.tar.gz")


async def test_an_empty_diagnosis_offers_the_builds_that_failed_last(showcase: Showcase) -> None:
    app = StewardApp(showcase, Terminal(), first="diagnosis")
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        table = app.screen.query_one("#failures", Table)
        await until(lambda: table.display and len(table.rows) == 1, "the failures")
        await pilot.press("enter")
        build = showcase.build("risk-dashboard")
        await until(lambda: build in screen_text(app), "what is diagnosed is named")


async def test_the_palette_goes_to_content_builds_and_pythons_by_name(
    showcase: Showcase,
) -> None:
    app = StewardApp(showcase, Terminal(), first="settings")
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await pilot.press("colon", *"energy-map")
        await until(lambda: is_shown(app.screen, Palette) and bool(rows(pilot)), "the places")
        await until(lambda: any("energy-map  content" in row for row in rows(pilot)), "its name")
        await pilot.press("enter")
        await until(lambda: app.current_mode == "content", "its tab")
        await until(lambda: app.screen.query_one(Table).key == "energy-map", "its row")
        await pilot.press("escape")
        await until(lambda: app.current_mode == "settings", "the way back")
        await pilot.press("colon", *"3.12.1")
        await until(lambda: any("/opt/python/3.12.1" in row for row in rows(pilot)), "the Python")
        await pilot.press("enter")
        await until(lambda: app.current_mode == "installations", "its tab")
        assert app.screen.query_one(Table).key == "5"


async def test_a_deploy_that_fails_keeps_what_was_typed_and_says_why_inside(
    showcase: Showcase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bundle(tmp_path / "bundle", "flask\n", python="3.9.2")
    asked: list[tuple[Path, str | None]] = []

    def refuse(path: Path, name: str | None = None, **_: object) -> None:
        asked.append((path, name))
        raise StewardError("the disk is full")

    monkeypatch.setattr(showcase.content, "deploy", refuse)
    app = StewardApp(showcase, Terminal(), first="content")
    async with app.run_test(size=(120, 40)) as pilot:
        await content_listed(pilot)
        await pilot.press("d")
        field = app.screen.query_one("#bundle", Field)
        field.value = str(tmp_path / "bundle")
        # Not a key yet: it is looked at while it is typed.
        await until(lambda: "gets 3.9.18 by rule" in screen_text(app), "its Python")
        assert not asked
        await pilot.press("enter")
        await until(lambda: "the disk is full" in screen_text(app), "the reason")
        assert field.value == str(tmp_path / "bundle")
        assert asked == [(tmp_path / "bundle", None)]
        await pilot.press("escape")
        await until(lambda: app.screen.query(Table), "the list")


async def test_what_takes_longer_than_half_a_second_shows_that_it_is_at_work(
    make_app: MakeApp,
) -> None:
    app, goes_on = make_app(), Event()
    async with app.run_test(size=(80, 24)) as pilot:
        await analyzed(pilot)
        call(app.screen, goes_on.wait, lambda _: None)
        await pilot.pause()
        assert "working" not in screen_text(app), "what is quick says nothing"
        await until(lambda: "working…" in screen_text(app), "the sign")
        goes_on.set()
        await until(lambda: "working" not in screen_text(app), "its end")


async def test_the_end_of_a_plan_is_told_where_one_is_and_shown_by_a_key() -> None:
    desk = Desk(PLAN, is_driven=True, file=PlanFile(Path("plan.json")))
    app = StewardApp(Planned(desk), Terminal(), first="installations")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await analyzed(pilot)
        app.running_builds.check()
        await until(lambda: app.running_builds._plan_runs, "the plan")
        desk.is_driven = False
        app.running_builds.check()
        await until(lambda: "Upgrade stopped: " in str(messages(pilot)), "the message")
        assert "! shows the plan" in messages(pilot)[-1]
        assert app.current_mode == "installations", "nothing moves by itself"
        await pilot.press("exclamation_mark")
        await until(lambda: is_shown(app.screen, UpgradePlanScreen), "the plan")


@pytest.mark.parametrize(("notify", "rings"), [("message", 0), ("bell", 1)])
async def test_the_bell_rings_on_request(
    notify: str, rings: int, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await analyzed(pilot)
        settings = app.session.settings
        assert settings is not None
        app.set_session(settings=replace(settings, notify=notify))
        rung: list[int] = []
        monkeypatch.setattr(app, "bell", lambda: rung.append(1))
        app.messages.alert("dashboard: failed")
        assert len(rung) == rings
