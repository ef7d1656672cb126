"""A preflight is stopped by its key, and when the program is left; what was answered is kept."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from threading import Event, enumerate as threads

from textual.pilot import Pilot
from textual.widgets import Static

from pysteward.core.upgrades import PlanFile, Prediction
from pysteward.tui.app.app import StewardApp
from pysteward.tui.terminal.capabilities import Terminal
from tests.app_upgrade.desk import PREDICTIONS, Desk, Planned
from tests.support.interface import analyzed, rendered, rows
from tests.support.waiting import until


class Asked:
    """A preflight that answers the first question, and waits for its end."""

    asked = PREDICTIONS

    def __init__(self) -> None:
        self.is_enough = Event()

    def __iter__(self) -> Generator[Prediction]:
        yield self.asked[0]
        assert self.is_enough.wait(30)

    def end(self) -> None:
        self.is_enough.set()


class Asking(Desk):
    """Has one preflight."""

    def __init__(self) -> None:
        super().__init__(None, is_driven=False, file=PlanFile(Path("plan.json")))
        self.run = Asked()

    @property
    def is_enough(self) -> Event:
        return self.run.is_enough

    def predictions(self) -> tuple[Prediction, ...]:
        return ()

    def preflight(self, *_: object, **__: object) -> Asked:
        return self.run


def counts(pilot: Pilot[None]) -> str:
    found = pilot.app.screen.query("#counts").results(Static)
    return "".join(map(rendered, found))


async def begin(pilot: Pilot[None], app: StewardApp) -> None:
    """Retire 3.11.7 under nearest, so that something moves, and ask about it."""
    await analyzed(pilot)
    await until(lambda: len(rows(pilot, "#changes")) > 1, "content")
    await pilot.press("j", "j", "j", "j", "space", "p")
    assert app.why_not("upgrade.stop") == "no preflight is running"
    await pilot.press("f")
    await until(lambda: "preflight 1 of 3; c stops it" in counts(pilot), "the first answer")


async def test_x_stops_it_and_keeps_what_was_answered() -> None:
    desk = Asking()
    app = StewardApp(Planned(desk), Terminal(), first="upgrade")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await begin(pilot, app)
        assert app.why_not("upgrade.preflight") == "it is running; c stops it"
        assert app.why_not("upgrade.stop") is None
        await pilot.press("x")
        await until(lambda: "preflight stopped: 1 answered" in counts(pilot), "its end")
        assert desk.is_enough.is_set()
        row = next(row for row in rows(pilot, "#changes") if "pricing-engine" in row)
        assert row.endswith("installs")
        assert app.why_not("upgrade.stop") == "no preflight is running"
        assert app.why_not("upgrade.preflight") is None


async def test_whoever_leaves_the_program_ends_it() -> None:
    desk = Asking()
    app = StewardApp(Planned(desk), Terminal(), first="upgrade")
    async with app.run_test(size=(80, 24)) as pilot:
        await begin(pilot, app)
        await pilot.press("q")
    assert desk.is_enough.wait(10)
    for thread in threads():
        if thread.name == "background":
            thread.join(10)
            assert not thread.is_alive()
