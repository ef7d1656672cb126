"""One build: live while it runs, at its cause when it failed, played again when it is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.widgets._toast import Toast

from pysteward.core.builds import Build, Estimate, estimate_of, open_record
from pysteward.core.findings import Evidence
from pysteward.tui.app.background import call
from pysteward.tui.app.log.panel import LogPanel
from pysteward.tui.app.log.quiet_parts import quiet_parts
from pysteward.tui.app.log.status import LogStatus
from pysteward.tui.app.tabs.builds import build_screen
from pysteward.tui.app.tabs.builds.build_screen import BuildScreen
from pysteward.tui.app.widgets.table import Table
from tests.app_builds.conftest import MakeDesk
from tests.app_builds.records import FINDING, LOG, write_build
from tests.support.interface import is_shown, messages, screen_text, until_shown
from tests.support.waiting import until


async def test_a_running_build_streams_and_shows_its_cause_when_it_fails(
    state: Path, make_desk: MakeDesk
) -> None:
    held = write_build(state, 1, "running", log="one\ntwo\nthree\n")
    async with make_desk("builds", given=held.build.id).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "  three")
        held.phase("build", "flask")
        held.say("compiling", "error: no header")
        await until_shown(pilot.app, "E error: no header")
        await until_shown(pilot.app, "build: flask")
        evidence = (Evidence("log", 5, "error: no header"),)
        held.end("failed", [replace(FINDING, evidence=evidence)])
        await until_shown(pilot.app, "failed")
        await until_shown(pilot.app, "> error: no header")
        await until_shown(pilot.app, "nothere[extra]")


async def test_a_finished_build_opens_at_its_evidence(state: Path, make_desk: MakeDesk) -> None:
    lines = [f"line {n}" for n in range(2000)]
    evidence = (Evidence("log", 700, ""),)
    held = write_build(
        state, 1, log="\n".join(lines) + "\n", findings=(replace(FINDING, evidence=evidence),)
    )
    async with make_desk("builds", given=held.build.id).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "> line 699")


async def test_a_finished_build_opens_at_evidence_among_its_last_lines(
    state: Path, make_desk: MakeDesk
) -> None:
    """What stands above the log takes its lines only after the log was opened."""
    lines = [f"line {n}" for n in range(345)]
    evidence = (Evidence("log", 327, ""),)
    finding = replace(FINDING, remedy="Read this. " * 50, evidence=evidence)
    held = write_build(state, 1, log="\n".join(lines) + "\n", findings=(finding,))
    async with make_desk("builds", given=held.build.id).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "Read this")
        await until(lambda: "line 344" not in screen_text(pilot.app))
        await until_shown(pilot.app, "> line 326")


async def test_a_message_covers_nothing_of_what_the_log_says_of_itself(
    state: Path, make_desk: MakeDesk
) -> None:
    held = write_build(state, 1)
    desk = make_desk("builds", given=held.build.id)
    async with desk.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot.app, "> ERROR")
        await pilot.press("c")
        await until(lambda: pilot.app.screen.query(Toast))
        await pilot.pause()
        toast, status = (pilot.app.screen.query_one(each).region for each in (Toast, LogStatus))
        assert toast.height
        assert not toast.overlaps(status)


async def test_phases_are_jumped_to(state: Path, make_desk: MakeDesk) -> None:
    held = write_build(state, 1, "succeeded")
    async with make_desk("builds", given=held.build.id).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "WARNING: something")
        panel = pilot.app.screen.query_one(LogPanel)
        await until(lambda: panel.commands.why_no_phase() is None)
        await pilot.press("g", "p", "p")
        assert panel.view.current == 3


async def test_the_actions_of_the_log_are_the_screens(state: Path, make_desk: MakeDesk) -> None:
    held = write_build(state, 1)
    async with make_desk("builds", given=held.build.id).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "> ERROR")
        await pilot.press("w")
        assert "wrapped" in screen_text(pilot.app)
        await pilot.press("slash", *"flask", "enter")
        await until_shown(pilot.app, "matching lines")
        await pilot.press("escape", "escape")
        assert not isinstance(pilot.app.screen, BuildScreen)


async def test_cancel_asks_and_the_end_is_shown(state: Path, make_desk: MakeDesk) -> None:
    held = write_build(state, 1, "running")
    async with make_desk("builds", given=held.build.id).run_test(size=(80, 24)) as pilot:
        await until(lambda: is_shown(pilot.app.screen, BuildScreen))
        await until_shown(pilot.app, "No matching distribution")
        await pilot.press("c", "y")
        await until(held.record.cancellation.exists)
        held.end("cancelled")
        await until_shown(pilot.app, "cancelled")


async def test_a_build_plays_again(state: Path, make_desk: MakeDesk) -> None:
    held = write_build(state, 1, "succeeded")
    async with make_desk("builds", given=held.build.id).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "WARNING: something")
        await until(lambda: pilot.app.why_not("build.replay") is None)
        await pilot.press("t")
        await until_shown(pilot.app, "replay 1x")
        assert "WARNING: something" not in screen_text(pilot.app)
        await pilot.press("minus")
        await until_shown(pilot.app, "replay 0.5x")
        await pilot.press("plus", "plus", "plus", "plus")
        await until(lambda: "replay" not in screen_text(pilot.app))
        await until_shown(pilot.app, "WARNING: something")


async def test_news_of_the_builds_end_that_come_late_leave_a_replay_alone(
    state: Path, make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = write_build(state, 1, "succeeded")
    told = Event()

    def send_late(owner: BuildScreen, work: Callable[[], Build], *then: Any, **how: Any) -> None:
        ends = then[0] == owner._ended
        call(owner, lambda: (told.wait(30 if ends else 0), work())[1], *then, **how)

    monkeypatch.setattr(build_screen, "call", send_late)
    async with make_desk("builds", given=held.build.id).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "WARNING: something")
        await until(lambda: pilot.app.why_not("build.replay") is None)
        await pilot.press("t", "minus")
        await until_shown(pilot.app, "replay 0.5x")
        screen, known = pilot.app.screen, pilot.app.screen._build
        told.set()
        await until(lambda: screen._build is not known)
        await pilot.press("plus", "plus", "plus", "plus", "plus")
        await until(lambda: "replay" not in screen_text(pilot.app))
        await until_shown(pilot.app, "WARNING: something")


async def test_a_replay_whose_log_is_gone_ends_with_a_word(
    state: Path, make_desk: MakeDesk
) -> None:
    held = write_build(state, 1, "succeeded")
    async with make_desk("builds", given=held.build.id).run_test(
        size=(80, 24), notifications=True
    ) as pilot:
        await until_shown(pilot.app, "WARNING: something")
        await until(lambda: pilot.app.why_not("build.replay") is None)
        await pilot.press("t")
        await until_shown(pilot.app, "replay")
        held.record.log.unlink()
        await pilot.press("t")
        await until_shown(pilot.app, "cannot be opened: No such file")


async def test_a_replay_can_be_stopped(state: Path, make_desk: MakeDesk) -> None:
    held = write_build(state, 1)
    async with make_desk("builds", given=held.build.id).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "> ERROR")
        await until(lambda: pilot.app.why_not("build.replay") is None)
        await pilot.press("t")
        await until_shown(pilot.app, "replay")
        await pilot.press("t")
        await until_shown(pilot.app, "> ERROR")


async def test_what_is_not_possible_says_why(state: Path, make_desk: MakeDesk) -> None:
    held = write_build(state, 1, "running")
    async with make_desk("builds", given=held.build.id).run_test(size=(80, 24)) as pilot:
        await until(lambda: is_shown(pilot.app.screen, BuildScreen))
        for action in ("retry", "export", "replay", "faster"):
            assert pilot.app.why_not(f"build.{action}") == "this build is running"


async def test_a_speed_needs_a_replay(state: Path, make_desk: MakeDesk) -> None:
    held = write_build(state, 1, "succeeded")
    async with make_desk("builds", given=held.build.id).run_test(size=(80, 24)) as pilot:
        await until(lambda: is_shown(pilot.app.screen, BuildScreen))
        await until(lambda: pilot.app.why_not("build.replay") is None)
        assert pilot.app.why_not("build.faster") == "no replay is running; t starts one"
        await pilot.press("t")
        assert pilot.app.why_not("build.faster") is None


async def test_the_record_is_exported_to_where_one_says(state: Path, make_desk: MakeDesk) -> None:
    held = write_build(state, 1)
    async with make_desk("builds", given=held.build.id).run_test(
        size=(120, 40), notifications=True
    ) as pilot:
        await until_shown(pilot.app, "> ERROR")
        await pilot.press("x")
        assert pilot.app.focused.value == f"{held.build.id}.tar.gz"
        pilot.app.focused.value = "exported.tar.gz"
        await pilot.press("enter")
        await until(lambda: messages(pilot))
        assert messages(pilot) == [f"The record is in {Path('exported.tar.gz').absolute()}"]
        with open_record(Path("exported.tar.gz")) as record:
            assert record.build().id == held.build.id
            assert record.log.read_text() == LOG


async def test_a_diagnosis_shows_the_build(state: Path, make_desk: MakeDesk) -> None:
    held = write_build(state, 1)
    async with make_desk("builds", given=held.build.id).run_test(size=(120, 40)) as pilot:
        await until_shown(pilot.app, "> ERROR")
        await pilot.press("d")
        await until_shown(pilot.app, "The build failed.")


async def test_phases_stand_above_the_log_and_packages_beside_it_where_there_is_room(
    state: Path, make_desk: MakeDesk
) -> None:
    held = write_build(state, 1, "running")
    held.phase("install", "numpy")
    held.package("numpy", "installed")
    for size, is_beside in (((120, 40), True), ((100, 30), False)):
        async with make_desk("builds", given=held.build.id).run_test(size=size) as pilot:
            await until_shown(pilot.app, "match 1s ▸ create 1s ▸ resolve 3s ▶ install")
            packages = pilot.app.screen.query_one("#packages", Table)
            await until(lambda: len(packages.rows) == 2)  # noqa: B023 - called in this turn
            assert packages.display is is_beside
            await until(lambda: (packages.region.width > 0) is is_beside)  # noqa: B023
            assert [row.key for row in packages.rows] == ["numpy", "flask"]


async def test_an_earlier_build_says_how_long_this_one_may_take(
    state: Path, make_desk: MakeDesk, noon: None
) -> None:
    write_build(state, 1, "succeeded")
    held = write_build(state, 10, "running")
    assert estimate_of(state, held.build) == Estimate(19.0, 1)
    assert estimate_of(state, replace(held.build, content="x", environment=None)) is None
    async with make_desk("builds", given=held.build.id).run_test(size=(120, 40)) as pilot:
        await until_shown(pilot.app, "of about 19s, 1 of about 1 packages found")


async def test_what_lines_repeat_is_dimmed_and_their_times_are_shown_by_a_key(
    state: Path, make_desk: MakeDesk
) -> None:
    held = write_build(state, 1, "succeeded", log="one\ntwo\nthree\nfour (from -r /x/y.txt)\n")
    async with make_desk("builds", given=held.build.id).run_test(size=(100, 30)) as pilot:
        await until_shown(pilot.app, "four (from -r /x/y.txt)")
        await until(lambda: pilot.app.why_not("build.times") is None)
        view = pilot.app.screen.query_one(LogPanel).view
        assert quiet_parts("four (from -r /x/y.txt)") == ((5, 23),)
        assert view.quiet
        await pilot.press("a")
        assert not view.quiet
        await pilot.press("T")
        await until_shown(pilot.app, "3s = four (from -r /x/y.txt)")


async def test_a_screen_that_is_closed_while_it_opens_says_nothing(
    state: Path, make_desk: MakeDesk
) -> None:
    held = write_build(state, 1, "running")
    async with make_desk("builds").run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for turns in range(40):
            screen = BuildScreen(held.record, None)
            pilot.app.push_screen(screen)
            for _ in range(turns):
                await asyncio.sleep(0)
            await pilot.app.pop_screen()
