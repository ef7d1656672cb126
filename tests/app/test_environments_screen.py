"""The screen of environments: size, users, state; verifying, pruning, comparing two."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from pysteward.core.environments import (
    Criteria,
    Environment,
    PrunePlan,
    Removal,
    Removed,
    compare_packages,
)
from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.demo import DemoBackend
from pysteward.tui.app.demo_content import SUBJECTS
from pysteward.tui.app.demo_services import environments, recorded_builds
from pysteward.tui.app.tabs.builds.build_screen import BuildScreen
from pysteward.tui.app.tabs.builds.screen import BuildsScreen
from pysteward.tui.app.tabs.environments.screen import EnvironmentsScreen
from pysteward.tui.app.widgets.table import Table
from pysteward.tui.terminal.capabilities import Terminal
from tests.app.conftest import MakeApp
from tests.support.interface import analyzed, is_shown, rows, screen_text, text, until_shown
from tests.support.waiting import until


async def listed(pilot: Pilot[None]) -> None:
    await until(lambda: len(rows(pilot)) == len(environments()), "the environments")
    await until(lambda: " MB" in rows(pilot)[0], "their sizes")


def select(pilot: Pilot[None], name: str) -> None:
    each = next(each for each in environments() if name in each.used_by)
    pilot.app.screen.query_one(Table).select(each.identity)


async def test_it_has_a_key_of_its_own_and_no_other_tab_lost_its_key(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await pilot.press("9")
        await until(lambda: is_shown(app.screen, EnvironmentsScreen))
        await pilot.press("4")
        await until(lambda: is_shown(app.screen, BuildsScreen))


async def test_size_users_and_packages_are_listed(make_app: MakeApp) -> None:
    app = make_app(first="environments")
    async with app.run_test(size=(120, 40)) as pilot:
        await listed(pilot)
        row = next(row for row in rows(pilot) if row.startswith("payroll-checks"))
        assert "▰▰▰▰▰▰▰▰ 377.2 MB" in row
        assert " 42 " in row
        assert any(row.startswith("no content") for row in rows(pilot))
        assert "shared files once" in screen_text(app)
        select(pilot, "payroll-checks")
        await pilot.pause()
        assert "streamlit 1.67.0" in text(pilot)


async def test_what_is_damaged_is_found_and_said(make_app: MakeApp) -> None:
    app = make_app(first="environments")
    async with app.run_test(size=(120, 40)) as pilot:
        await listed(pilot)
        await pilot.press("V")
        await until_shown(app, "✗ damaged")
        states = [row for row in rows(pilot) if "✓ verified" in row]
        assert len(states) == len(environments()) - 1
        select(pilot, "stock-dashboard")
        await pilot.pause()
        assert "plotly is 5.21.0; it was installed as 5.22.0" in text(pilot)


async def test_two_are_compared(make_app: MakeApp) -> None:
    app = make_app(first="environments")
    async with app.run_test(size=(120, 40)) as pilot:
        await listed(pilot)
        how = "mark one environment with Space, and select another"
        assert app.why_not("environments.compare") == how
        select(pilot, "stock-dashboard")
        await pilot.press("space")
        select(pilot, "stock-dashboard")
        assert app.why_not("environments.compare") == (
            "select another environment than the marked one"
        )
        select(pilot, "churn-api")
        await pilot.press("c")
        shown = text(pilot)
        assert "From stock-dashboard, Python 3.8.18" in shown
        assert "- dash 2.17.1" in shown
        assert "+ fastapi 0.111.0" in shown


def test_a_difference_knows_packages_by_their_normalized_names() -> None:
    one = next(each for each in environments() if "stock-dashboard" in each.used_by)
    assert one.marker is not None
    other = replace(
        one,
        marker=replace(
            one.marker,
            packages=tuple(
                (name.upper().replace("-", "_"), "1.0" if name == "numpy" else version)
                for name, version in one.marker.packages
            ),
        ),
    )
    assert [(each.before, each.after) for each in compare_packages(one, other)] == [
        ("1.26.4", "1.0")
    ]
    assert compare_packages(one, one) == ()


class Pruning(DemoBackend):
    """The demonstration's server as if it were one, with one environment that nobody needs."""

    why_read_only = None

    def __init__(self) -> None:
        super().__init__(pause=0)
        self.removed: list[str] = []
        service = self.environments
        assert service is not None

        def prune_plan(_criteria: Criteria) -> tuple[PrunePlan, tuple[()]]:
            unused = [each for each in service.list() if not each.used_by]
            removals = tuple(Removal(each, "no content uses it") for each in unused)
            return PrunePlan(removals, ()), ()

        def remove(removals: Sequence[Removal]) -> Generator[Removed]:
            for each in removals:
                self.removed.append(each.environment.identity)
                yield Removed(each.environment)

        service.prune_plan = prune_plan  # type: ignore[method-assign]
        service.remove = remove  # type: ignore[method-assign]


async def test_pruning_shows_its_plan_and_what_it_frees_before_it_removes() -> None:
    source = Pruning()
    app = StewardApp(source, Terminal(), first="environments")
    unused: Environment = next(each for each in environments() if not each.used_by)
    async with app.run_test(size=(120, 40)) as pilot:
        await listed(pilot)
        await pilot.press("p")
        await until_shown(app, "Removes 1 environment and frees 109.5 MB.")
        assert unused.identity in screen_text(app)
        await pilot.press("n")
        assert not source.removed
        await pilot.press("p")
        await until_shown(app, "Removes 1 environment")
        await pilot.press("y")
        await until(lambda: source.removed == [unused.identity], "the removal")


async def test_the_demonstration_is_one_server_on_all_tabs(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        names = {subject.name for subject in SUBJECTS}
        with_python = {subject.name for subject in SUBJECTS if subject.kept is not None}
        await pilot.press("3")
        await until(lambda: len(rows(pilot)) == 18, "the content")
        assert {row.split()[0] for row in rows(pilot)} == names
        assert {name for each in environments() for name in each.used_by} == with_python
        assert sum(DemoBackend().usage().values()) == len(with_python)
        await pilot.press("4")
        await until(lambda: len(rows(pilot)) == 3, "the builds")
        assert {build.outcome for build in recorded_builds()} == {"succeeded", "failed"}
        assert {build.content for build in recorded_builds()} <= names
        await pilot.press("7")
        await until(lambda: len(rows(pilot, "#changes")) == 18, "the upgrade's content")


@pytest.mark.parametrize(
    ("content", "code"),
    [("pricing-engine", "dependency-conflict"), ("energy-map", "system-header-missing")],
)
async def test_a_failure_of_the_demonstration_is_diagnosed(
    content: str, code: str, make_app: MakeApp
) -> None:
    build = next(build for build in recorded_builds() if build.content == content)
    app = make_app(first="builds")
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: len(rows(pilot)) == 3, "the builds")
        pilot.app.screen.query_one(Table).select(build.id)
        await pilot.press("d")
        await until_shown(app, code)


async def test_a_build_of_the_demonstration_is_replayed(make_app: MakeApp) -> None:
    app = make_app(first="builds")
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: len(rows(pilot)) == 3, "the builds")
        await pilot.press("G", "enter")
        await until(lambda: is_shown(app.screen, BuildScreen))
        await until_shown(app, "42 packages, 377.2 MB")
        await until(lambda: app.why_not("build.replay") is None, "the replay")
        await pilot.press("t")
        await until_shown(app, "replay 1x")
        await until_shown(app, "match 0s ▸ create")
        await pilot.press(*["plus"] * 6)
        await until(lambda: len(rows(pilot, "#packages")) > 20, "its packages")
        await until_shown(app, "✓ succeeded")


def test_no_demonstration_writes_into_its_records() -> None:
    """They lie in the installed program, which is often another user's."""
    directory = recorded_builds()[0].directory
    assert sorted(each.name for each in directory.iterdir()) == [
        "build.json",
        "events.jsonl",
        "log.txt",
    ]
    assert sorted(each.name for each in directory.parents[1].iterdir()) == ["builds"]
