"""What the mouse does: the words in a dialog's border, the wheel, the scroll bar."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from pysteward.core.server import Server
from pysteward.tui.app.dialogs.dialog import Dialog
from pysteward.tui.app.widgets.table import Table
from pysteward.tui.services.backend import LocalBackend
from tests.app.conftest import MakeApp
from tests.support.interface import analyzed, is_shown, messages, rows, screen_text, steward, text
from tests.support.waiting import until


async def click_on(pilot: Pilot[None], words: str) -> None:
    """Click where these words stand on the screen."""
    await pilot.pause()
    lines = screen_text(pilot.app).split("\n")
    y = next(number for number, line in enumerate(lines) if words in line)
    await pilot.click(offset=(lines[y].index(words) + 1, y))
    await pilot.pause()


@pytest.fixture
def server(tmp_path: Path) -> LocalBackend:
    """A server that names forty Pythons, none of which is there."""
    file = tmp_path / "connect.gcfg"
    lines = "".join(f"Executable = /nowhere/{number:02d}\n" for number in range(1, 41))
    file.write_text(f"[Python]\nEnabled = true\n{lines}")
    return LocalBackend(Server(str(file), str(tmp_path / "state")))


async def test_a_click_on_what_a_key_does_does_it(make_app: MakeApp) -> None:
    async with make_app(first="simulator").run_test(size=(80, 24)) as pilot:
        await analyzed(pilot)
        await pilot.press(*"a3.10.4")
        await click_on(pilot, "Enter OK")
        assert rows(pilot, "#choices")[-1].startswith("● 3.10.4")
        await pilot.press("t")
        await click_on(pilot, "Enter Continue")
        assert "Tour 2 of 11" in screen_text(pilot.app)
        await click_on(pilot, "Left Back")
        assert "Tour 1 of 11" in screen_text(pilot.app)


@pytest.mark.parametrize(
    ("tab", "keys"),
    [
        ("installations", ["question_mark", "colon", "ctrl+t", "l"]),
        ("simulator", ["a", "o", "w", "b", "t"]),
    ],
)
async def test_every_dialog_is_closed_by_a_click_on_esc(
    tab: str, keys: list[str], make_app: MakeApp
) -> None:
    app = make_app(first=tab)
    async with app.run_test(size=(80, 24)) as pilot:
        await analyzed(pilot)
        for key in keys:
            await pilot.press(key)
            await until(lambda: is_shown(app.screen, Dialog), key)
            await click_on(pilot, "Esc ")
            await until(lambda: not isinstance(app.screen, Dialog), key)


async def test_a_click_on_the_tab_in_front_goes_back(make_app: MakeApp) -> None:
    app = make_app(first="simulator")
    async with app.run_test(size=(80, 24)) as pilot:
        await analyzed(pilot)
        await pilot.press("z")
        await until(lambda: app.front is not None and app.front.scope == "quiz")
        await click_on(pilot, "2 Simulator")
        await until(lambda: app.front is not None and app.front.scope == "simulator")


async def test_a_setting_is_changed_by_the_mouse_alone(
    make_app: MakeApp, server: LocalBackend
) -> None:
    async with make_app(server, first="settings").run_test(size=(80, 24)) as pilot:
        await analyzed(pilot)
        await click_on(pilot, "enabled")
        await click_on(pilot, "e Edit")
        await until(lambda: "Enter OK" in screen_text(pilot.app))
        await pilot.click(Table, offset=(3, 2))  # below the head and "true"
        await click_on(pilot, "Enter OK")
        await until(lambda: "y Write" in screen_text(pilot.app))
        await click_on(pilot, "y Write")
        await until(lambda: "enabled false line 2" in rows(pilot))


async def test_the_item_that_is_clicked_is_marked_though_more_are_shown_then(
    make_app: MakeApp, server: LocalBackend
) -> None:
    async with make_app(server, first="settings").run_test(size=(120, 60)) as pilot:
        await pilot.press("j", *"nnnnnnnn")
        assert "/nowhere/01" not in text(pilot)
        await click_on(pilot, "/nowhere/12")
        assert "▶ /nowhere/12" in text(pilot)
        assert "/nowhere/01" in text(pilot), "the detail has the keys now"


async def test_wheel_and_scroll_bar_move_the_page_and_leave_the_cursor(
    make_app: MakeApp, server: LocalBackend
) -> None:
    async with make_app(server).run_test(size=(80, 24)) as pilot:
        await analyzed(pilot)
        table = pilot.app.screen.query_one(Table)
        for _ in range(3):
            await pilot._post_mouse_events([events.MouseScrollDown], Table, offset=(5, 5))
        await pilot.pause()
        wheeled = table.scroll_offset.y
        assert wheeled > 0
        bar = table.vertical_scrollbar.region
        await pilot.click(offset=(bar.x, bar.bottom - 1))
        await pilot.pause()
        assert table.scroll_offset.y > wheeled
        top = bar.y + table.scroll_offset.y * bar.height // table.virtual_size.height
        await pilot.mouse_down(offset=(bar.x, top + 1))
        await pilot.hover(offset=(bar.x, bar.bottom - 1))
        await pilot.mouse_up(offset=(bar.x, bar.bottom - 1))
        await pilot.pause()
        assert table.scroll_offset.y == table.max_scroll_y
        assert table.key == "0"
        await pilot.press("j")
        assert "▶" in screen_text(pilot.app)
        assert table.scroll_offset.y <= 1, "a key brings the cursor back into sight"


async def test_a_python_that_is_configured_already_says_so(
    make_app: MakeApp, server: LocalBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pysteward.core.installations import DiscoveredPython

    there = DiscoveredPython("/nowhere/01", None, "pyenv", "/nowhere/01", is_configured=True)
    monkeypatch.setattr(server, "discover", lambda: (there,))
    async with make_app(server).run_test(size=(80, 24), notifications=True) as pilot:
        await analyzed(pilot)
        await pilot.press("d")
        await until(lambda: "pyenv" in screen_text(pilot.app))
        for key in ("space", "enter"):
            pilot.app.clear_notifications()
            await pilot.press(key)
            await until(lambda: bool(messages(pilot)))
            assert messages(pilot)[-1] == "Not possible: it is already configured."
        assert isinstance(steward(pilot).screen, Dialog)
