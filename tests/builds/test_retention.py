"""`keep-builds` removes records by number and age, and never what content needs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pysteward.core.builds import list_builds, prune_builds, remove_build
from pysteward.core.content import deploy, rebuild
from pysteward.core.errors import StateError
from pysteward.core.settings import Retention, parse_retention
from pysteward.core.settings.values import BadValue
from pysteward.core.state import DATABASE, open_database
from tests.support.old_formats import WRITTEN
from tests.support.server import SampleServer
from tests.support.sizes import how_many


@pytest.fixture
def state(tmp_path: Path) -> Path:
    directory = tmp_path / "state"
    shutil.copytree(WRITTEN / "state", directory)
    (directory / DATABASE).chmod(0o640)
    return directory


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("20", Retention(20, None)),
        ("90d", Retention(None, 90 * 86400.0)),
        ("12h 1", Retention(1, 12 * 3600.0)),
    ],
)
def test_a_limit_is_a_number_an_age_or_both(text: str, meaning: Retention) -> None:
    assert parse_retention(text) == meaning


@pytest.mark.parametrize("text", ["0", "many", "20 30", "1d 2d", "-1", "5m"])
def test_what_is_neither_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        parse_retention(text)


def test_what_content_and_plans_need_stays(state: Path) -> None:
    with open_database(state) as store:
        content, rows = store.content(), store.builds()
    newest = {row.content: row.id for row in reversed(rows)}
    succeeded = {row.content: row.id for row in reversed(rows) if row.outcome == "succeeded"}
    plan = json.loads(next((state / "upgrades").glob("*.json")).read_text())
    planned = [step["build"] for step in plan["steps"] if step["build"]]
    assert planned
    prune_builds(state, Retention(1, 1.0))
    left = {row.id for row in list_builds(state)}
    assert left < {row.id for row in rows}
    assert left >= {*newest.values(), *succeeded.values(), *planned}
    for each in content:  # rolled back content needs the build that it could return to
        for environment in {each.environment, each.previous} - {None}:
            assert any(
                row.id in left and row.environment == environment
                for row in rows
                if row.content == each.name
            )
    assert {path.name for path in (state / "builds").glob("2*")} == left


def test_removal_by_hand_refuses_the_same_unless_forced(state: Path) -> None:
    with open_database(state) as store:
        returned = store.content("returned")[0]
        rows = store.builds(content="returned")
    to_return_to = next(row.id for row in rows if row.environment == returned.previous)
    for build in dict.fromkeys((returned.build, to_return_to)):
        with pytest.raises(StateError, match="returned") as refused:
            remove_build(state, build)
        assert refused.value.code == "build-needed"
        remove_build(state, build, force=True)
    assert not {returned.build, to_return_to} & {row.id for row in list_builds(state)}


def test_hundreds_of_deploys_of_one_bundle_leave_what_is_needed(server: SampleServer) -> None:
    bundle = server.bundle()
    first = server.end(deploy(server.configured, bundle))
    assert first.outcome == "succeeded"
    server.lines.append('keep-builds = "3"')
    configured, several = server.configured, how_many(ci=12, full=500)
    for _ in range(several):
        deploy(configured, bundle)
    rebuild(configured, "app")
    left = list_builds(server.state_dir)
    assert [row.outcome for row in left] == ["succeeded"] * 3
    assert first.id not in {row.id for row in left}
    assert len(list((server.state_dir / "bundles").iterdir())) == 1
    # Where it came from is known without the record of that deploy.
    with open_database(server.state_dir) as store:
        assert store.content("app")[0].origin == str(bundle)


def test_without_a_limit_all_builds_stay(server: SampleServer) -> None:
    bundle = server.bundle()
    server.end(deploy(server.configured, bundle))
    for _ in range(5):
        deploy(server.configured, bundle)
    assert len(list_builds(server.state_dir)) == 6
