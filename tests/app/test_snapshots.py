"""What the screens look like, at both sizes; ``pytest --snapshot-update`` accepts a new look."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator

import pytest
from textual.pilot import Pilot

from pysteward.core.scenarios import find
from pysteward.tui.app.tabs.simulator.quiz_screen import QuizScreen
from pysteward.tui.start import SimulatorStart
from pysteward.tui.terminal.capabilities import Terminal
from tests.app.conftest import MakeApp
from tests.support.interface import analyzed, rows, until_shown
from tests.support.waiting import until

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
_SMALLEST = pytest.param((60, 15), id="60x15")
_LARGEST = pytest.param((200, 60), id="200x60", marks=pytest.mark.full)
Compare = Callable[..., bool]


def steps(*keys: str) -> Callable[[Pilot[None]], object]:
    async def run(pilot: Pilot[None]) -> None:
        await analyzed(pilot)
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        await pilot.pause(0.1)

    return run


@SIZES
@pytest.mark.parametrize(
    ("first", "keys"),
    [
        ("installations", ("j", "j")),
        ("installations", ("slash", "3", ".", "1")),
        ("installations", ("l",)),
        ("installations", ("question_mark",)),
        ("installations", ("colon",)),
        ("simulator", ("r", *"3.9.2", "escape")),
        ("simulator", ("r", *"3.10.1", "escape", "p", "s", "n")),
        ("simulator", ("o",)),
        ("settings", ("j", "n")),
    ],
    ids=["list", "filter", "log", "help", "palette", "simulator", "steps", "scenarios", "settings"],
)
def test_screens(
    snap_compare: Compare,
    make_app: MakeApp,
    size: tuple[int, int],
    first: str,
    keys: tuple[str, ...],
) -> None:
    assert snap_compare(make_app(first=first), terminal_size=size, run_before=steps(*keys))


@SIZES
def test_a_scenario(snap_compare: Compare, make_app: MakeApp, size: tuple[int, int]) -> None:
    app = make_app(first="simulator", given=find("nearest"))
    assert snap_compare(app, terminal_size=size, run_before=steps())


@SIZES
def test_the_tour(snap_compare: Compare, make_app: MakeApp, size: tuple[int, int]) -> None:
    app = make_app(first="simulator", given=SimulatorStart(tour=True))
    assert snap_compare(app, terminal_size=size, run_before=steps("enter", "enter"))


@SIZES
def test_the_quiz(snap_compare: Compare, make_app: MakeApp, size: tuple[int, int]) -> None:
    app = make_app(first="simulator")

    async def ask(pilot: Pilot[None]) -> None:
        await analyzed(pilot)
        app.push_screen(QuizScreen(None, seed=3))
        await pilot.pause(0.2)
        await pilot.press("enter")
        await pilot.pause(0.1)

    assert snap_compare(app, terminal_size=size, run_before=ask)


@pytest.mark.parametrize(
    ("terminal", "theme"),
    [
        (Terminal(unicode=False, color=False), None),
        (Terminal(many_colors=False), None),
        (Terminal(), "steward-light"),
    ],
    ids=["plain", "sixteen", "light"],
)
@pytest.mark.parametrize("first", ["installations", "simulator"])
def test_looks(
    snap_compare: Compare,
    make_app: MakeApp,
    terminal: Terminal,
    theme: str | None,
    first: str,
) -> None:
    app = make_app(first=first, terminal=terminal, theme=theme)
    assert snap_compare(app, terminal_size=(80, 24), run_before=steps("j"))


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Moments are shown as in Greenwich."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    "size", [(60, 15), (80, 24), (120, 40), (200, 60)], ids=["60x15", "80x24", "120x40", "200x60"]
)
@pytest.mark.parametrize(
    ("first", "keys", "awaits"),
    [("environments", ("j",), " MB"), ("builds", ("G", "enter"), "slowest:")],
    ids=["environments", "build"],
)
def test_environments_and_a_build(
    snap_compare: Compare,
    make_app: MakeApp,
    utc: None,
    size: tuple[int, int],
    first: str,
    keys: tuple[str, ...],
    awaits: str,
) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await analyzed(pilot)
        await until(lambda: len(rows(pilot)) > 2, "the list")
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        await until_shown(pilot.app, awaits)
        await pilot.pause(0.3)

    assert snap_compare(make_app(first=first), terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", [_SMALLEST, _LARGEST])
@pytest.mark.parametrize(
    ("first", "keys", "awaits"),
    [
        ("installations", ("j", "j"), "3.8.18"),
        ("simulator", ("r", *"3.9.2", "escape"), "least-greater"),
        ("content", ("j",), "churn-api"),
        ("diagnosis", ("j", "enter"), "cause"),
        ("settings", ("j", "n"), "executables"),
        ("upgrade", ("j", "j", "j", "space"), "no match"),
        ("servers", (), "Nothing here"),
    ],
    ids=[
        *("installations", "simulator", "content", "diagnosis", "settings", "upgrade"),
        "servers",
    ],
)
def test_every_tab_where_there_is_little_room_and_much(
    snap_compare: Compare,
    make_app: MakeApp,
    utc: None,
    size: tuple[int, int],
    first: str,
    keys: tuple[str, ...],
    awaits: str,
) -> None:
    run = pressing(keys, awaits)
    assert snap_compare(make_app(first=first), terminal_size=size, run_before=run)


def test_builds_where_there_is_little_room(
    snap_compare: Compare, make_app: MakeApp, utc: None
) -> None:
    # A larger size shows where the demonstration's records lie, on every machine elsewhere.
    run = pressing(("j",), "energy-map")
    assert snap_compare(make_app(first="builds"), terminal_size=(60, 15), run_before=run)


def pressing(keys: tuple[str, ...], awaits: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Return what presses these keys after the analysis, and waits until a text is shown."""

    async def run(pilot: Pilot[None]) -> None:
        await analyzed(pilot)
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        await until_shown(pilot.app, awaits)
        await pilot.pause(0.3)

    return run
