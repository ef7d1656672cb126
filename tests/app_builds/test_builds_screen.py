"""The list of builds: what it shows, and what can be done from it."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from pysteward.core.builds import PackageEvent, Phase, Progress, advance
from pysteward.core.services import BuildService
from pysteward.core.state import DATABASE, open_database
from pysteward.tui.app.tabs.builds.table import doing
from pysteward.tui.app.tabs.diagnosis.screen import DiagnosisScreen
from pysteward.tui.app.widgets.paragraphs import Paragraphs
from pysteward.tui.app.widgets.table import Table
from pysteward.tui.terminal.display import Display
from tests.app_builds.conftest import MakeDesk
from tests.app_builds.records import write_build
from tests.support.interface import is_shown, screen_text, until_shown
from tests.support.waiting import until


async def test_running_builds_come_first_with_phase_and_package(
    state: Path, make_desk: MakeDesk
) -> None:
    write_build(state, 1, "running", content="older")
    write_build(state, 2, "succeeded", content="newer")
    async with make_desk("builds").run_test(size=(120, 40)) as pilot:
        await until_shown(pilot.app, "resolve: found flask 2.0")
        lines = [
            line
            for line in screen_text(pilot.app).splitlines()
            if "older" in line or "newer" in line
        ]
        assert "running" in lines[0]
        assert "older" in lines[0]


async def test_a_build_that_is_started_elsewhere_appears(state: Path, make_desk: MakeDesk) -> None:
    async with make_desk("builds").run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "There are no builds yet")
        write_build(state, 1, "running", content="elsewhere")
        await until_shown(pilot.app, "elsewhere")


def test_a_build_is_noticed_that_the_database_names_later(
    state: Path, context: SimpleNamespace
) -> None:
    write_build(state, 1)
    service = BuildService(context)
    database = state / DATABASE
    os.utime(database, (1, 1))  # so that the next change is at another time for certain
    seen = service.stamp()
    assert len(service.list()) == 1
    assert service.stamp() == seen, "nothing was changed by looking"
    with open_database(state) as store, store.change():
        store.put_build(store.builds()[0]._replace(id="another"))
    assert service.stamp() != seen


async def test_the_detail_of_a_failed_build_shows_its_cause_first(
    state: Path, make_desk: MakeDesk
) -> None:
    write_build(state, 1)
    async with make_desk("builds").run_test(size=(120, 40)) as pilot:
        await until_shown(pilot.app, "nothere[extra]")
        text = screen_text(pilot.app)
        assert text.index("package-not-found") < text.index("Request")


@pytest.mark.parametrize("key", ["escape", "4"])
async def test_enter_opens_the_build_and_a_key_leads_back(
    state: Path, make_desk: MakeDesk, key: str
) -> None:
    write_build(state, 1)
    async with make_desk("builds").run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "dashboard")
        await pilot.press("enter")
        await until_shown(pilot.app, "> ERROR: Could not find a version")
        await pilot.press(key)
        await until_shown(pilot.app, "Outcome")


@pytest.mark.parametrize(("tab", "key"), [("builds", "tab"), ("content", "enter")])
async def test_a_key_goes_to_the_detail_and_back(
    state: Path, make_desk: MakeDesk, tab: str, key: str
) -> None:
    write_build(state, 1)
    async with make_desk(tab).run_test(size=(80, 24)) as pilot:
        await until(lambda: pilot.app.why_not(f"{tab}.detail") is None)
        await pilot.press(key)
        assert pilot.app.screen.query_one(Paragraphs).has_focus
        await pilot.press(key)
        assert pilot.app.screen.query_one(Table).has_focus


async def test_the_selected_build_is_taken_to_the_diagnosis(
    state: Path, make_desk: MakeDesk
) -> None:
    held = write_build(state, 1, content="apples")
    write_build(state, 2, "succeeded", content="whole")
    async with make_desk("builds").run_test(size=(120, 40)) as pilot:
        await until_shown(pilot.app, "whole")
        await pilot.press("j", "d")
        await until(lambda: is_shown(pilot.app.screen, DiagnosisScreen))
        await until_shown(pilot.app, "The build failed.")
        await until_shown(pilot.app, f"apples, build {held.build.id}")
        await until_shown(pilot.app, "> ERROR: Could not find a version")


async def test_a_filter_leaves_what_holds_it(state: Path, make_desk: MakeDesk) -> None:
    write_build(state, 1, content="apples")
    write_build(state, 2, "succeeded", content="pears")
    async with make_desk("builds").run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "apples")
        await pilot.press("slash", *"pear", "enter")
        assert "apples" not in screen_text(pilot.app).split("─")[0]


async def test_cancelling_asks_first(state: Path, make_desk: MakeDesk) -> None:
    held = write_build(state, 1, "running")
    async with make_desk("builds").run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "running")
        await pilot.press("c")
        await until_shown(pilot.app, "Cancel this build?")
        await pilot.press("n")
        assert not held.record.cancellation.exists()
        await pilot.press("c", "y")
        await until(held.record.cancellation.exists)


async def test_an_ended_build_cannot_be_cancelled_and_a_running_one_not_retried(
    state: Path, make_desk: MakeDesk
) -> None:
    write_build(state, 1, "running")
    write_build(state, 2, "failed")
    async with make_desk("builds").run_test(size=(120, 40)) as pilot:
        await until_shown(pilot.app, "running")
        assert pilot.app.why_not("builds.cancel") is None
        assert pilot.app.why_not("builds.retry") == "this build is running"
        assert pilot.app.why_not("builds.export") == "this build is running"
        await pilot.press("j")
        assert pilot.app.why_not("builds.cancel") == "this build has ended"


async def test_a_record_is_exported_and_opened_again(state: Path, make_desk: MakeDesk) -> None:
    write_build(state, 1)
    async with make_desk("builds").run_test(size=(120, 40)) as pilot:
        await until_shown(pilot.app, "dashboard")
        await pilot.press("x")
        pilot.app.focused.value = "exported.tar.gz"
        await pilot.press("enter")
        await until(Path("exported.tar.gz").exists)
        assert tarfile.is_tarfile("exported.tar.gz")
        await pilot.press("o")
        pilot.app.focused.value = "exported.tar.gz"
        await pilot.press("enter")
        await until_shown(pilot.app, "> ERROR: Could not find a version")
        assert pilot.app.why_not("build.retry") == "this is an imported record"


async def test_what_is_no_record_is_refused_in_a_sentence(state: Path, make_desk: MakeDesk) -> None:
    Path("not.tar.gz").write_text("nothing")
    write_build(state, 1)
    async with make_desk("builds").run_test(size=(120, 40), notifications=True) as pilot:
        await until_shown(pilot.app, "dashboard")
        await pilot.press("o")
        pilot.app.focused.value = "not.tar.gz"
        await pilot.press("enter")
        await until_shown(pilot.app, "not.tar.gz")


async def test_a_damaged_record_leaves_the_list_alone(state: Path, make_desk: MakeDesk) -> None:
    held = write_build(state, 1)
    (held.build.directory / "build.json").write_text("{")
    write_build(state, 2, "succeeded", content="whole")
    async with make_desk("builds").run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "whole")
        await pilot.press("j", "enter")
        await pilot.pause()


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        (Progress("install", package="installing numpy 1.26.4"), "installing numpy 1.26.4"),
        (Progress("resolve", package="found flask 2.0"), "resolve: found flask 2.0"),
        (
            Progress("build", "preparing metadata", found="flask"),
            "build: flask, preparing metadata",
        ),
        (Progress("build", "flask", found="flask"), "build: flask"),
        (Progress("create"), "create"),
        (Progress("match", waits_for="another build"), "waits for another build"),
    ],
)
def test_what_a_build_does_is_said_once(progress: Progress, said: str) -> None:
    """The column holds 26 characters: phase and package come first."""
    assert doing(progress, Display()) == said


def test_the_package_that_pip_looks_at_is_known_from_what_it_found() -> None:
    progress = Progress()
    for event in (
        Phase(0.0, 0, "resolve", "slow"),
        PackageEvent(0.0, 0, "slow", "1.0", "found"),
        Phase(0.0, 0, "build", "preparing metadata"),
    ):
        progress = advance(progress, event)
    assert doing(progress, Display()) == "build: slow, preparing metadata"


async def test_records_are_marked_and_removed_together(state: Path, make_desk: MakeDesk) -> None:
    for number in (1, 2, 3):
        write_build(state, number, "succeeded", content="same")
    async with make_desk("builds").run_test(size=(120, 40)) as pilot:
        await until_shown(pilot.app, "Builds 1 of 3")
        table = pilot.app.screen.query_one(Table)
        newest = table.rows[0].key  # content's newest build stays in any case
        await pilot.press("j", "space", "space")
        await until_shown(pilot.app, "3 of 3, 2 marked")
        assert len(table.marked) == 2
        await pilot.press("delete")
        await until_shown(pilot.app, "Remove 2 records?")
        await pilot.press("y")
        await until_shown(pilot.app, "Builds 1 of 1")
        assert [row.key for row in table.rows] == [newest]


async def test_esc_takes_the_marks_away_first(state: Path, make_desk: MakeDesk) -> None:
    write_build(state, 1, "succeeded")
    async with make_desk("builds").run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "Builds 1 of 1")
        table = pilot.app.screen.query_one(Table)
        await pilot.press("asterisk")
        assert len(table.marked) == 1
        await pilot.press("escape")
        assert not table.marked
        assert pilot.app.current_mode == "builds"


async def test_builds_are_filtered_by_a_column(state: Path, make_desk: MakeDesk) -> None:
    write_build(state, 1, "succeeded", content="failed-sales")
    write_build(state, 2, "failed", content="other")
    async with make_desk("builds").run_test(size=(120, 40)) as pilot:
        await until_shown(pilot.app, "Builds 1 of 2")
        await pilot.press("slash", *"outcome:failed", "enter")
        await until_shown(pilot.app, "Builds 1 of 1, 2 in all")
        table = pilot.app.screen.query_one(Table)
        assert [row.cells[1].text for row in table.rows] == ["other"]
