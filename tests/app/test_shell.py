"""What every screen has around it: header, tabs, notice, footer, palette, help, themes, leaving."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from textual.css.stylesheet import Stylesheet

from pysteward.core.errors import SettingsError
from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.demo import DemoBackend
from pysteward.tui.app.dialogs.help import HelpScreen
from pysteward.tui.app.dialogs.palette import Palette
from pysteward.tui.app.dialogs.theme import ThemeScreen
from pysteward.tui.app.session import Session
from pysteward.tui.app.tabs import TABS
from pysteward.tui.app.widgets.banner import Banner
from pysteward.tui.app.widgets.field import Field
from pysteward.tui.app.widgets.footer import Footer
from pysteward.tui.app.widgets.header import Header
from pysteward.tui.app.widgets.tab_bar import TabBar
from pysteward.tui.app.widgets.table import Table
from pysteward.tui.terminal.capabilities import Terminal
from tests.app.conftest import MakeApp
from tests.support.interface import analyzed, is_shown, messages, rendered, rows, screen_text, text
from tests.support.waiting import until


class Changing(DemoBackend):
    """A server whose settings file somebody else changes."""

    why_read_only = None

    def __init__(self) -> None:
        super().__init__(pause=0)
        self.has_changed = False
        self.problem: SettingsError | None = None
        self.reloads = 0

    def changed_on_disk(self) -> bool:
        return self.has_changed

    def reread(self) -> Session:
        self.reloads += 1
        if self.problem is not None:
            raise self.problem
        self.has_changed = False
        return self.opening()


async def test_the_header_says_where_one_is(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        header = rendered(app.screen.query_one(Header))
        for part in ("trainer@connect-1", " Demo ", "not real", "policy major-minor", "5/7 usable"):
            assert part in header


async def test_no_styles_are_parsed_twice_before_the_first_page(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = Mock()
    monkeypatch.setattr(Stylesheet, "reparse", again)
    app = make_app()
    async with app.run_test() as pilot:
        await analyzed(pilot)
        assert not again.called
        app.theme = "steward-light"
        await pilot.pause()
        assert again.called


@pytest.mark.parametrize("width", [40, 60, 80, 200])
async def test_the_header_fits_whatever_the_width(make_app: MakeApp, width: int) -> None:
    app = make_app()
    app.session = Session("host", "user", "/" + "x" * 300, "major-minor")
    async with app.run_test(size=(width, 24)):
        if width >= 60:
            assert len(rendered(app.screen.query_one(Header))) == width


async def test_number_keys_go_to_the_tabs(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test() as pilot:
        for tab in ("simulator", "settings", "installations"):
            key = next(each.key for each in TABS if each.name == tab)
            await pilot.press(key)
            await until(lambda tab=tab: app.current_mode == tab)


async def test_brackets_go_round_the_tabs(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.press("right_square_bracket")
        assert app.current_mode == TABS[1].name
        await pilot.press("left_square_bracket")
        assert app.current_mode == TABS[0].name


async def test_a_click_goes_to_a_tab(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.click(TabBar, offset=(25, 0))
        await until(lambda: app.current_mode == "simulator")


@pytest.mark.parametrize(("width", "letters"), [(80, 4), (200, 20)])
async def test_every_tab_is_named_at_every_width(
    make_app: MakeApp, width: int, letters: int
) -> None:
    app = make_app()
    async with app.run_test(size=(width, 40)):
        line = rendered(app.screen.query_one(TabBar))
        assert len(line) <= width
        for tab in TABS:
            assert f"{tab.key} {tab.title[:letters]}" in line


async def test_the_footer_greys_what_is_not_possible(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        footer = rendered(app.screen.query_one(Footer))
        assert " / Filter" in footer
        assert "(a) Analyze" in footer
        assert footer.rstrip().endswith("q Quit")


async def test_a_click_in_the_footer_does_the_action(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        place = rendered(app.screen.query_one(Footer)).index("Help")
        await pilot.click(Footer, offset=(place, 0))
        await until(lambda: is_shown(app.screen, HelpScreen))


async def test_what_is_not_possible_says_why(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(notifications=True) as pilot:
        await analyzed(pilot)
        await pilot.press("a")
        await pilot.pause()
        assert "its installations do not exist" in messages(pilot)[-1]


@pytest.mark.parametrize("width", [120, 80, 60, 30])
async def test_every_tab_has_its_number_however_narrow_it_is(make_app: MakeApp, width: int) -> None:
    app = make_app(first="settings")
    async with app.run_test(size=(width, 15)) as pilot:
        await pilot.pause()
        bar = screen_text(pilot.app).splitlines()[1]
        numbers = [word for word in bar.split() if word.isdigit()]
        assert numbers == [tab.key for tab in TABS]
        assert "6 Settings" in bar


async def test_help_holds_every_key_of_the_screen_and_why_some_are_off(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 50)) as pilot:
        await analyzed(pilot)
        await pilot.press("question_mark")
        await until(lambda: is_shown(app.screen, HelpScreen))
        shown = text(pilot)
        assert "Copy the remedy" in shown
        assert "On every screen" in shown
        assert "not now: this is the demonstration" in shown
        await pilot.press("escape")
        assert not isinstance(app.screen, HelpScreen)


@pytest.mark.parametrize("key", ["colon", "ctrl+p"])
async def test_the_palette_finds_and_runs_an_action(make_app: MakeApp, key: str) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(key)
        await until(lambda: is_shown(app.screen, Palette))
        await pilot.press(*"color theme")
        assert len(rows(pilot)) == 1
        await pilot.press("enter")
        await until(lambda: is_shown(app.screen, ThemeScreen))


async def test_the_palette_runs_actions_of_other_screens(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("colon", *"start a quiz")
        await pilot.press("enter")
        await until(lambda: type(app.screen).__name__ == "QuizScreen")
        assert app.current_mode == "simulator"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_palette_says_whole_what_its_rows_have_no_room_for(
    make_app: MakeApp, size: tuple[int, int]
) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await analyzed(pilot)
        await pilot.press("colon", *"add built")
        await pilot.pause()
        reason = app.why_not("installations.adopt")
        shown = " ".join(screen_text(pilot.app).replace("│", " ").split())
        assert f"(not now: {reason})" in shown


def underlined(app: StewardApp, title: str) -> bool:
    """Whether a title on the screen is."""
    strips = app.screen._compositor.render_strips()
    found = [segment for strip in strips for segment in strip if segment.text.strip() == title]
    assert found, title
    return any(segment.style is not None and bool(segment.style.underline) for segment in found)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
@pytest.mark.parametrize("unicode", [False, True])
async def test_a_detail_that_has_the_keys_shows_it_without_colour(
    make_app: MakeApp, size: tuple[int, int], unicode: bool
) -> None:
    app = make_app(terminal=Terminal(unicode=unicode, color=False))
    async with app.run_test(size=size) as pilot:
        await analyzed(pilot)
        assert not underlined(app, "Detail")
        await pilot.press("enter")
        await pilot.pause()
        assert underlined(app, "Detail")
        await pilot.press("escape")
        await pilot.pause()
        assert not underlined(app, "Detail")


async def test_the_palettes_selected_row_is_marked_without_colour_too(make_app: MakeApp) -> None:
    app = make_app(terminal=Terminal(color=False))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("colon", "down")
        await pilot.pause()
        table = app.screen.query_one(Table)
        styles = [strip._segments[0].style for strip in map(table.render_line, range(1, 5))]
        assert [bool(style and style.reverse) for style in styles] == [False, True, False, False]


async def test_a_field_shows_its_cursor_and_what_is_selected_without_colour(
    make_app: MakeApp,
) -> None:
    app = make_app(terminal=Terminal(color=False), first="simulator")

    def reversed_in_field() -> str:
        strip = app.screen.query_one(Field).render_line(0)
        return "".join(text for text, style, _ in strip if style and style.reverse)

    async with app.run_test(size=(80, 24)) as pilot:
        await analyzed(pilot)
        await pilot.press("r", *"3.7.1", "left")
        assert reversed_in_field() == "1"
        await pilot.press("escape", "r")
        assert reversed_in_field() == "3.7.1 "


async def test_the_footer_shows_what_else_there_is_room_for(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(200, 60)) as pilot:
        await analyzed(pilot)
        footer = rendered(app.screen.query_one(Footer))
        assert "Build Python" in footer
        assert footer.index("l Log") < footer.index("Build Python")


async def test_the_palette_greys_what_is_not_possible(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(160, 40)) as pilot:
        await analyzed(pilot)
        await pilot.press("colon", *"discover")
        assert "(Find unconfigured Pythons" in screen_text(pilot.app) or any(
            "(Look" in r for r in rows(pilot)
        )


async def test_a_theme_is_shown_while_one_chooses_and_kept_with_enter(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.press("ctrl+t", "down")
        assert app.theme == "steward-light"
        await pilot.press("escape")
        assert app.theme == "steward-dark"
        await pilot.press("ctrl+t", "down", "enter")
        assert app.theme == "steward-light"


@pytest.mark.parametrize("theme", ["steward-dark", "steward-light", "ansi-dark", "ansi-light"])
async def test_every_theme_shows_every_screen(make_app: MakeApp, theme: str) -> None:
    app = make_app(theme=theme)
    async with app.run_test() as pilot:
        for name in ("simulator", "settings", "installations"):
            app.open_tab(name)
            await pilot.pause()
        assert app.current_theme.name == theme


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c"])
async def test_quitting(make_app: MakeApp, key: str) -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.press(key)
        await pilot.pause()
    assert app.return_code == 0


async def test_a_letter_typed_into_a_field_is_no_command(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await pilot.press("slash")
        await pilot.pause()
        await pilot.press("q", "1")
        assert app.is_running
        assert app.current_mode == "installations"


async def test_settings_changed_on_disk_are_said_on_every_screen(make_app: MakeApp) -> None:
    source = Changing()
    app = make_app(source)
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        assert not app.screen.query_one(Banner).display
        source.has_changed = True
        await until(lambda: app.session.notice is not None)
        for name in ("simulator", "settings", "installations"):
            app.open_tab(name)
            await pilot.pause()
            assert app.screen.query_one(Banner).display
            assert "has changed on disk" in rendered(app.screen.query_one(Banner))
        await pilot.press("ctrl+r")
        await until(lambda: app.session.notice is None)
        await pilot.pause()
        assert not app.screen.query_one(Banner).display


async def test_settings_that_cannot_be_read_leave_those_in_force(make_app: MakeApp) -> None:
    source = Changing()
    app = make_app(source)
    async with app.run_test(notifications=True) as pilot:
        await analyzed(pilot)
        before = app.session.settings
        source.problem = SettingsError("Enabled is no bool", file="/etc/x.gcfg", line=3, column=9)
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert "/etc/x.gcfg:3:9: Enabled is no bool" in messages(pilot)[-1]
        assert app.session.settings is before


async def test_a_click_on_the_notice_reloads(make_app: MakeApp) -> None:
    source = Changing()
    source.has_changed = True
    app = make_app(source)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: app.screen.query_one(Banner).region.height == 1)
        await pilot.click(Banner)
        await until(lambda: source.reloads == 1)
        await until(lambda: "nothing has changed" in "".join(messages(pilot)))


async def test_a_remark_takes_the_place_of_the_one_before_and_a_problem_stays(
    make_app: MakeApp,
) -> None:
    app = make_app()
    async with app.run_test(notifications=True) as pilot:
        for text, is_problem in (("first", False), ("broken", True), ("second", False)):
            app.say(text, problem=is_problem)
            await pilot.pause()
        assert messages(pilot) == ["broken", "second"]
        assert "broken" in screen_text(pilot.app)
        assert "first" not in screen_text(pilot.app)


async def test_without_unicode_a_whole_screen_is_ascii(make_app: MakeApp) -> None:
    app = make_app(terminal=Terminal(unicode=False))
    async with app.run_test() as pilot:
        await analyzed(pilot)
        for keys in ([], ["question_mark"], ["escape", "colon"], ["escape", "l"], ["escape", "2"]):
            await pilot.press(*keys)
            await pilot.pause()
            assert screen_text(pilot.app).isascii(), keys


@pytest.mark.slow
async def test_widths_from_tiny_to_huge_are_survived(make_app: MakeApp) -> None:
    for size in ((20, 5), (40, 10), (300, 100)):
        app = make_app()
        async with app.run_test(size=size) as pilot:
            await analyzed(pilot)
            for tab in ("simulator", "settings"):
                app.open_tab(tab)
                await pilot.pause()
            await pilot.press("question_mark")
            await pilot.pause()
            assert isinstance(app, StewardApp)


def test_a_field_may_be_made_before_the_first_screen_is_there() -> None:
    StewardApp(DemoBackend(), Terminal()).clear_selection()
