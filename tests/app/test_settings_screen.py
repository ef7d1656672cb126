"""The screen of settings: what is in force and where it comes from; changes after their diff."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from pysteward.core.server import Server
from pysteward.core.settings import SETTINGS, load
from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.dialogs.choice import Choice
from pysteward.tui.app.dialogs.confirm import Confirm
from pysteward.tui.app.widgets.table import Table
from pysteward.tui.services.backend import LocalBackend
from tests.app.conftest import MakeApp
from tests.support.interface import analyzed, is_shown, messages, rows, screen_text, text
from tests.support.waiting import until

TEXT = """; a server
[Python]
Enabled = true
Executable = /nowhere/3.9 ; first
Executable = /nowhere/3.11
VersionMatching = exact
[Applications]
RunAs = nobody
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rstudio-connect.gcfg"
    path.write_text(TEXT)
    return path


@pytest.fixture
def app(make_app: MakeApp, file: Path, tmp_path: Path) -> StewardApp:
    source = LocalBackend(Server(str(file), str(tmp_path / "state")))
    return make_app(source, first="settings")


def test_every_setting_has_a_meaning() -> None:
    assert all(setting.meaning.endswith(".") for setting in SETTINGS)


async def test_each_setting_with_value_and_origin(app: StewardApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        table = rows(pilot)
        assert len(table) == len(SETTINGS)
        assert "enabled true line 3" in table
        assert "executables 2 items line 4" in table
        assert "version-matching exact line 6" in table
        assert "run-as nobody line 8" in table
        assert "installer pip default" in table


async def test_the_detail_says_meaning_names_and_file(app: StewardApp, file: Path) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("j")
        detail = text(pilot)
        assert "The installations, one path each" in detail
        assert "/nowhere/3.9  line\u00a04" in detail
        assert "[Python] Executable" in detail
        assert str(file) in detail


async def test_a_long_list_is_shown_in_part_until_somebody_goes_there(
    make_app: MakeApp, file: Path, tmp_path: Path
) -> None:
    """Over a slow line, passing by forty executables costs no more than passing by eight."""
    lines = "".join(f"Executable = /nowhere/{number:02d}\n" for number in range(40))
    file.write_text(f"[Python]\n{lines}")
    source = LocalBackend(Server(str(file), str(tmp_path / "state")))
    async with make_app(source, first="settings").run_test(size=(120, 60)) as pilot:
        await pilot.press("j")
        assert "/nowhere/07" in text(pilot)
        assert "/nowhere/08" not in text(pilot)
        assert "1 to 8 of 40: Tab shows all" in text(pilot)
        await pilot.press("tab")
        await pilot.pause()
        assert "/nowhere/39" in text(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert "/nowhere/08" not in text(pilot)
        await pilot.press(*"nnnnnnnn")
        assert "▶ /nowhere/08" in text(pilot)
        assert "9 to 16 of 40: Tab shows all" in text(pilot)
        assert "/nowhere/07" not in text(pilot)


@asynccontextmanager
async def asked_to_set_nearest(app: StewardApp) -> AsyncIterator[Pilot[None]]:
    """The question whether version-matching may be changed to nearest."""
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await analyzed(pilot)
        await pilot.press("j", "j", "e")
        await until(lambda: is_shown(app.screen, Choice))
        await pilot.press("j", "enter")  # after exact, the present one
        await until(lambda: is_shown(app.screen, Confirm))
        yield pilot


async def test_a_setting_is_changed_after_its_diff(app: StewardApp, file: Path) -> None:
    async with asked_to_set_nearest(app) as pilot:
        assert "-VersionMatching = exact" in text(pilot)
        assert "+VersionMatching = nearest" in text(pilot)
        assert file.read_text() == TEXT
        await pilot.press("y")
        await until(lambda: app.session.policy == "nearest")
        assert file.read_text() == TEXT.replace("exact", "nearest")
        assert "version-matching nearest line 6" in rows(pilot)
        assert "The old file is kept" in messages(pilot)[-1]


async def test_what_a_setting_can_be_is_picked(app: StewardApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j", "j", "e")
        await until(lambda: is_shown(app.screen, Choice))
        assert rows(pilot) == ["major-minor the default", "exact now", "nearest "]
        assert app.screen.query_one(Table).key == "exact"
        await pilot.press("escape")
        await pilot.press("home", "e")
        await until(lambda: rows(pilot) == ["true now", "false "], "true or false")


async def test_a_user_is_picked_by_a_part_of_the_name(app: StewardApp, file: Path) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        app.screen.query_one(Table).select("run_as")
        await pilot.press("e")
        await until(lambda: is_shown(app.screen, Choice))
        assert app.screen.query_one(Table).key == "nobody"
        await pilot.press(*"daemo", "enter")
        await until(lambda: is_shown(app.screen, Confirm))
        assert "+RunAs = daemon" in text(pilot)


async def test_a_python_is_moved_up_for_the_order_matters(app: StewardApp, file: Path) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await pilot.press("j")
        assert app.why_not("settings.move_up") == "it is the first item"
        await pilot.press("n", "K")
        await until(lambda: is_shown(app.screen, Confirm))
        await pilot.press("y")
        await until(lambda: load(file).executables == ("/nowhere/3.11", "/nowhere/3.9"))
        await until(lambda: "▶ /nowhere/3.11" in text(pilot), "the item that was moved")
        assert app.why_not("settings.move_up") == "it is the first item"


async def test_a_change_is_taken_back_and_nothing_else_is(app: StewardApp, file: Path) -> None:
    async with asked_to_set_nearest(app) as pilot:
        await pilot.press("y")
        await until(lambda: app.session.policy == "nearest")
        await pilot.press("u")
        await until(lambda: is_shown(app.screen, Confirm))
        assert "+VersionMatching = exact" in text(pilot)
        await pilot.press("y")
        await until(lambda: app.session.policy == "exact")
        assert file.read_text() == TEXT
        assert app.why_not("settings.undo") == "nothing was changed here since the start"


async def test_a_backup_is_compared_and_restored(app: StewardApp, file: Path) -> None:
    async with asked_to_set_nearest(app) as pilot:
        await pilot.press("y")
        await until(lambda: app.session.policy == "nearest")
        await pilot.press("b")
        await until(lambda: "+VersionMatching = exact" in text(pilot), "the comparison")
        await pilot.press("enter")
        await until(lambda: is_shown(app.screen, Confirm))
        await pilot.press("y")
        await until(lambda: app.session.policy == "exact")
        assert file.read_text() == TEXT


async def test_a_read_only_file_says_so_before_anything_is_typed(
    app: StewardApp, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may write everything: what the system would tell another user.
    monkeypatch.setattr("os.access", lambda path, mode, **_: Path(path) != file)
    async with app.run_test(size=(80, 24)) as pilot:
        reason = f"{file} is read-only for this user"
        assert app.why_not("settings.edit") == reason
        assert "read-only" in text(pilot)
        await pilot.press("e")
        await pilot.pause()
        assert not app.screen.query(Input)


async def test_a_change_answered_with_no_is_not_written(app: StewardApp, file: Path) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("j", "j", "e")
        await until(lambda: is_shown(app.screen, Choice))
        await pilot.press("j", "enter")  # after exact, the present one
        await until(lambda: is_shown(app.screen, Confirm))
        await pilot.press("escape")
        await pilot.pause()
        assert file.read_text() == TEXT


async def test_a_value_that_is_none_is_refused_while_typing(
    make_app: MakeApp, tmp_path: Path
) -> None:
    file = tmp_path / "pysteward.toml"
    file.write_text("[python]\nenabled = true\n")
    source = LocalBackend(Server(str(file), str(tmp_path / "state")))
    app = make_app(source, first="settings")
    async with app.run_test(size=(120, 40)) as pilot:
        app.screen.query_one(Table).select("build_timeout")
        await pilot.press("e")
        await pilot.pause()
        app.screen.query_one(Input).value = "maybe"
        await pilot.press("enter")
        await pilot.pause()
        assert "maybe" in screen_text(pilot.app)
        assert app.screen.query(Input)


async def test_an_item_is_added_and_removed(app: StewardApp, file: Path) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("j", "a")
        await pilot.pause()
        app.screen.query_one(Input).value = "/nowhere/3.12"
        await pilot.press("enter")
        await until(lambda: is_shown(app.screen, Confirm))
        await pilot.press("y")
        await until(lambda: len(app.session.installations) == 3)
        assert load(file).executables[-1] == "/nowhere/3.12"
        await pilot.pause()
        await pilot.press("n", "delete")
        await until(lambda: is_shown(app.screen, Confirm))
        assert "-Executable = /nowhere/3.11" in text(pilot)
        await pilot.press("y")
        await until(lambda: len(app.session.installations) == 2)
        assert load(file).executables == ("/nowhere/3.9", "/nowhere/3.12")


async def test_a_setting_is_taken_back_to_its_default(app: StewardApp, file: Path) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("j", "j", "delete")
        await until(lambda: is_shown(app.screen, Confirm))
        await pilot.press("y")
        await until(lambda: app.session.policy == "major-minor")
        await pilot.pause()
        assert app.why_not("settings.remove") == "it is already the default"


async def test_what_cannot_be_done_says_why(app: StewardApp) -> None:
    async with app.run_test() as pilot:
        await pilot.press("j")
        assert app.why_not("settings.edit") == "it is a list; a adds an item, Del removes one"
        await pilot.press("j")
        assert app.why_not("settings.add") == "it has one value; e edits it"


async def test_what_a_gcfg_file_cannot_hold_says_so_before_it_is_asked_for(
    app: StewardApp,
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        table = app.screen.query_one(Table)
        table.select("builtin_prohibited_packages")
        await pilot.pause()
        assert app.why_not("settings.edit") is None
        assert "ProhibitedPackage, without a value" in text(pilot)
        table.select("environment_creator")
        await pilot.pause()
        assert "a .gcfg file cannot hold it" in str(app.why_not("settings.edit"))
        assert "only a .toml file has it" in text(pilot)


async def test_a_python_is_named_by_its_full_path(app: StewardApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("j", "a")
        await pilot.pause()
        await pilot.press(*"bin/python3", "enter")
        await until(lambda: "write the full path" in screen_text(pilot.app))
        await pilot.press("home", "/", "enter")
        await until(lambda: is_shown(app.screen, Confirm))


async def test_settings_are_filtered(app: StewardApp) -> None:
    async with app.run_test() as pilot:
        await pilot.press("slash")
        await pilot.pause()
        await pilot.press(*"line")
        await until(lambda: len(rows(pilot)) == 4)
        await pilot.press("escape")
        await until(lambda: len(rows(pilot)) == len(SETTINGS))


async def test_somebody_elses_change_is_noticed_and_read(app: StewardApp, file: Path) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        file.write_text(TEXT.replace("3.9", "3.10"))
        await until(lambda: app.session.notice is not None)
        await pilot.press("ctrl+r")
        await until(lambda: app.session.installations[0].path == "/nowhere/3.10")
        assert app.session.notice is None


async def test_a_change_over_somebody_elses_is_refused(app: StewardApp, file: Path) -> None:
    async with asked_to_set_nearest(app) as pilot:
        file.write_text(TEXT + "; mine\n")
        await pilot.press("y")
        await pilot.pause()
        assert "changed by somebody else" in messages(pilot)[-1]
        assert file.read_text() == TEXT + "; mine\n"
