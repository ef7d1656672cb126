"""A Python from its source, from the screen of installations: asked, shown, built, added."""

from __future__ import annotations

from pathlib import Path

import pytest

from pysteward.core.builds import list_builds
from pysteward.core.distributions import parse_distribution
from pysteward.core.services import Recipe
from pysteward.core.settings import load
from pysteward.core.source_builds import inspect, make_script, prefix_for
from pysteward.core.versions import PythonVersion
from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.dialogs.confirm import Confirm
from pysteward.tui.app.tabs.builds.build_screen import BuildScreen
from pysteward.tui.app.tabs.installations.build_python_dialogs import (
    InstallPython,
    RecipeScreen,
    recipe_lines,
)
from pysteward.tui.app.widgets.field import Field
from pysteward.tui.services.backend import LocalBackend
from pysteward.tui.terminal.capabilities import Terminal
from pysteward.tui.terminal.display import Display
from tests.app.conftest import MakeApp
from tests.source_builds.sources import Workshop, workshop
from tests.support.interface import analyzed, is_shown, messages, rendered, rows, text
from tests.support.waiting import until

__all__ = ["workshop"]


def app_on(workshop: Workshop) -> StewardApp:
    server = workshop.server
    return StewardApp(LocalBackend(server.configured), Terminal())


async def test_a_python_is_built_from_its_source_and_added(workshop: Workshop) -> None:
    source = workshop.working_source()
    app = app_on(workshop)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await analyzed(pilot)
        assert "built here is configured" in str(app.why_not("installations.adopt"))
        await pilot.press("i")
        await until(lambda: is_shown(app.screen, InstallPython), "the dialog")
        app.screen.query_one("#archive", Field).value = str(source)
        await pilot.press("tab")
        app.screen.query_one("#prefix", Field).value = str(workshop.prefix)
        await pilot.press("enter")
        await until(lambda: is_shown(app.screen, RecipeScreen), "what would be done")
        await until(lambda: text(pilot) != "", "its lines")
        shown = text(pilot)
        assert str(workshop.prefix) in shown
        assert f"--prefix={workshop.prefix} --enable-shared" in shown
        await pilot.press("y")
        await until(lambda: is_shown(app.screen, BuildScreen), "its build")
        (row,) = list_builds(workshop.server.state_dir)
        workshop.server.end(workshop.server.record(row.id).build())
        await pilot.press("1")
        await until(lambda: app.why_not("installations.adopt") is None, "what was built")
        said = f"Python {workshop.real.text} was built from source; + adds it."
        assert said in messages(pilot)
        await pilot.press("plus")
        await until(lambda: is_shown(app.screen, Confirm), "the diff")
        assert f'+executables = ["{workshop.program}"]' in text(pilot).replace("\n", "")
        await pilot.press("y")
        await until(lambda: bool(rows(pilot)), "its row")
        written = load(workshop.server.directory / "pysteward.toml").executables
        assert written == (str(workshop.program),)
        await until(lambda: app.why_not("installations.adopt") is not None, "nothing left")


async def test_what_is_no_source_is_refused_in_the_dialog(
    workshop: Workshop, tmp_path: Path
) -> None:
    (tmp_path / "a.tgz").write_bytes(b"no archive")
    app = app_on(workshop)
    async with app.run_test(size=(80, 24)) as pilot:
        await analyzed(pilot)
        await pilot.press("i")
        await until(lambda: is_shown(app.screen, InstallPython), "the dialog")

        def said() -> str:
            return rendered(app.screen.query_one("#said"))

        await pilot.press("enter")
        assert said() == "a path is needed"
        app.screen.query_one("#archive", Field).value = str(tmp_path / "a.tgz")
        app.screen.query_one("#prefix", Field).value = "relative"
        await pilot.press("enter")
        assert said() == "the prefix must begin with /"
        app.screen.query_one("#prefix", Field).value = ""
        await pilot.press("enter")
        await until(lambda: "the archive is no tar archive" in said(), "why not")
        await pilot.press("escape")
        assert not list_builds(workshop.server.state_dir)


async def test_the_script_is_copied(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    here, version = parse_distribution("debian-12"), PythonVersion(3, 11, 9)
    source = inspect(workshop.source())
    recipe = Recipe(source, Path("/opt/x"), ("--prefix=/opt/x",), (), make_script(version, here))
    app = app_on(workshop)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await analyzed(pilot)
        app.push_screen(RecipeScreen(recipe))
        await until(lambda: is_shown(app.screen, RecipeScreen), "the recipe")
        await pilot.press("c")
        assert app.clipboard == recipe.script
        await pilot.press("n")
        assert not isinstance(app.screen, RecipeScreen)


def test_what_is_missing_stands_before_the_steps(workshop: Workshop) -> None:
    recipe = Recipe(
        inspect(workshop.source()),
        Path("/opt/\x1b[31mx"),
        (),
        ("missing to compile Python 3.11.9: zlib; install first: apt-get install zlib1g-dev",),
        None,
    )
    shown = [line.content.plain for line in recipe_lines(recipe, Display(unicode=False))]
    assert any(line.startswith("! missing to compile") for line in shown)
    assert not any("\x1b" in line for line in shown)
    assert not any("by hand" in line for line in shown)


def test_a_script_can_have_another_prefix() -> None:
    version, here = PythonVersion(3, 11, 9), parse_distribution("debian-12")
    usual = make_script(version, here)
    assert make_script(version, here, prefix=prefix_for(version)) == usual
    elsewhere = make_script(version, here, prefix=prefix_for(version).parent / "a b")
    assert "prefix='/opt/python/a b'\n" in elsewhere
    assert "/opt/python/3.11.9" not in elsewhere


async def test_in_the_demonstration_nothing_is_built(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(notifications=True) as pilot:
        await analyzed(pilot)
        assert "demonstration" in str(app.why_not("installations.install"))
        await pilot.press("i")
        await until(lambda: "Not possible" in str(messages(pilot)), "the reason")
