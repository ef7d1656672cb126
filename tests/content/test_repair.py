"""The database is an index: damaged or lost, it is made again, whenever that is interrupted."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pysteward.core.builds import list_builds, list_content
from pysteward.core.content import repair
from pysteward.core.errors import StateError
from pysteward.core.state import DATABASE, Database, open_database
from pysteward.core.state.content_files import content_file, read_content_files
from tests.support.old_formats import WRITTEN
from tests.support.sizes import how_many


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state directory of an earlier version, which has no files of content yet."""
    directory = tmp_path / "state"
    shutil.copytree(WRITTEN / "state", directory)
    (directory / DATABASE).chmod(0o640)
    return directory


def write_once(state: Path) -> None:
    with open_database(state) as database, database.change():
        pass


def damage(state: Path) -> None:
    with (state / DATABASE).open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 8000)


def lose(state: Path) -> None:
    (state / DATABASE).unlink()


def empty(state: Path) -> None:
    os.truncate(state / DATABASE, 0)


def known(state: Path) -> tuple[object, ...]:
    """All that the database says; of environments, none exists here, those that content needs."""
    with open_database(state) as database:
        content = database.content()
        needed = {row.environment for row in content} | {row.previous for row in content}
        environments = sorted(row for row in database.environments() if row.id in needed)
        newest = [database.bundles(row.bundle) for row in content]
        digests = [row.digest for row in database.bundles()]
        return content, database.builds(), environments, newest, digests


@pytest.mark.parametrize("harm", [damage, lose, empty])
def test_with_the_files_of_content_nothing_is_lost(
    state: Path, harm: Callable[[Path], None]
) -> None:
    write_once(state)
    before = known(state)
    harm(state)
    with pytest.raises(StateError, match="pysteward repair") as refused:
        list_content(state)
    assert refused.value.code in ("state-damaged", "state-lost")
    made = repair(state)
    assert known(state) == before
    assert made.unusable == ()
    assert (made.kept is None) == (harm is lose)
    assert not list(state.glob(f"{DATABASE}.new*"))


def test_the_first_change_writes_the_files_of_all_content(state: Path) -> None:
    assert not (state / "content").exists()
    write_once(state)
    rows = {row.name: row for row in open_database(state).content()}
    files = [file for _, file in read_content_files(state)]
    assert {file.content.name: file.content for file in files if file} == rows
    assert not list(state.glob(".content-*"))


def test_what_becomes_of_content_is_in_its_file_at_once(state: Path) -> None:
    write_once(state)
    with open_database(state) as database:
        with database.change():
            database.put_back("api", "3.11.7", "/opt/python3", "nearest")
            database.remove_content("private")
        row = database.content("api")[0]
        assert row.put_back is not None
        with pytest.raises(ZeroDivisionError):
            put_back_in_vain(database)
    file = json.loads(content_file(state, "api").read_text())
    assert file["content"] == row._asdict()
    assert not content_file(state, "private").exists()


def put_back_in_vain(database: Database) -> None:
    with database.change():
        database.put_back("api", "3.8.18", "/opt/python3", "nearest")
        _ = 1 / 0


def test_without_files_of_content_the_records_tell_what_they_know(state: Path) -> None:
    def told() -> list[tuple[Any, ...]]:
        return [
            (row.name, row.bundle, row.request, row.environment, row.build, row.python)
            for row in list_content(state)
            if row.put_back is None
        ]

    before, builds = told(), list_builds(state)
    lose(state)
    repair(state)
    assert [row for row in told() if row[0] != "returned"] == before
    assert list_builds(state) == builds


def test_a_build_that_ended_while_the_database_was_damaged_counts(state: Path) -> None:
    write_once(state)
    path = content_file(state, "api")
    now = json.loads(path.read_text())
    older = {**now["content"], "environment": now["content"]["previous"], "previous": None}
    older["updated"] = "2026-11-29T05:10:10.700Z"  # when the build was started
    path.write_text(json.dumps({**now, "content": older}))
    lose(state)
    repair(state)
    row = open_database(state).content("api")[0]
    assert row.environment == now["content"]["environment"]
    assert row.previous == now["content"]["previous"]


def test_a_file_of_content_that_cannot_be_read_is_named(state: Path) -> None:
    write_once(state)
    content_file(state, "api").write_text("{")
    (state / "builds" / "20261129-050514235-4d94" / "build.json").write_bytes(b"\0")
    lose(state)
    assert [path.name for path in repair(state).unusable] == ["build.json", "api.json"]
    assert "api" in [row.name for row in list_content(state)]


STEPS = ("replace", "rename", "unlink", "fsync", "chown")


@pytest.mark.parametrize("harm", [damage, lose])
def test_killed_at_any_step_it_is_repeated(
    tmp_path: Path, state: Path, harm: Callable[[Path], None]
) -> None:
    write_once(state)
    list_content(state)  # which notices that a build was interrupted
    before = known(state)
    harm(state)
    model = tmp_path / "model"
    shutil.copytree(state, model)
    steps = steps_before_kill(None, state)
    assert steps > 20
    last = range(steps - how_many(ci=7, full=steps - 1), steps + 1)
    for step in (1, steps // 2, *last):
        shutil.rmtree(state)
        shutil.copytree(model, state)
        assert steps_before_kill(step, state) == step
        try:
            list_content(state)
        except StateError:
            repair(state)
        assert known(state) == before


def steps_before_kill(kill_at: int | None, state: Path) -> int:
    """Repair in another process; return how many changes of the disk it made, or was to make when
    it ended without a word. kill_at: at which; None: at none."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:

        def counted(function: Callable[..., Any]) -> Callable[..., Any]:
            def call(*arguments: Any, **named: Any) -> Any:
                os.write(writer, b".")
                done.append(function)
                if len(done) == kill_at:
                    os._exit(9)
                return function(*arguments, **named)

            return call

        done: list[object] = []
        for name in STEPS:
            setattr(os, name, counted(getattr(os, name)))
        try:
            repair(state)
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, "rb") as counting:
        steps = len(counting.read())
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status == (0 if kill_at is None else 9)
    return steps


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pysteward.tui", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_command_says_what_it_did(state: Path) -> None:
    sound = run("repair", "--state-dir", str(state))
    assert sound.returncode == 0
    assert sound.stdout == "the database is sound: nothing was changed\n"
    write_once(state)
    damage(state)
    refused = run("content", "list", "--state-dir", str(state))
    assert refused.returncode == 2
    assert "pysteward repair" in refused.stderr
    repaired = json.loads(run("repair", "--json", "--state-dir", str(state)).stdout)
    assert (repaired["content"], repaired["builds"]) == (17, 29)
    assert Path(repaired["kept"]).name.startswith(f"{DATABASE}.damaged-")
    assert run("content", "list", "--state-dir", str(state)).returncode == 0
