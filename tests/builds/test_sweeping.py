"""What a killed client or a full disk has left behind is cleared away, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pysteward.core.builds import (
    Record,
    clean_up,
    create_record,
    find_orphans,
    list_builds,
)
from pysteward.core.content import deploy
from pysteward.core.state.database import open_database
from tests.support.server import SampleServer

DAY = 86400


def killed_after(server: SampleServer, code: str) -> Path:
    """A directory in ``builds/`` whose client was killed after this code; it was made a day ago."""
    builds = server.state_dir / "builds"
    before = set(builds.iterdir()) if builds.is_dir() else set[Path]()
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from pysteward.core.builds import create_record\n"
        f"{code}\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, builds], check=False)
    assert done.returncode == -signal.SIGKILL
    (directory,) = set(builds.iterdir()) - before
    age(directory)
    return directory


def age(path: Path) -> None:
    moment = time.time() - DAY
    os.utime(path, (moment, moment))


def test_a_directory_that_tells_of_no_build_goes(server: SampleServer) -> None:
    directory = killed_after(server, "create_record(Path(sys.argv[1]))")
    assert [leftover.path for leftover in clean_up(server.state_dir)] == [directory]
    assert not directory.exists()


def test_a_directory_without_a_lock_goes(server: SampleServer) -> None:
    directory = server.state_dir / "builds" / "20260101-120000000-abcd"
    directory.mkdir(parents=True)
    age(directory)
    assert [leftover.path for leftover in clean_up(server.state_dir)] == [directory]
    assert not directory.exists()


def test_what_somebody_works_on_stays_however_old_it_is(server: SampleServer) -> None:
    record, lock = create_record(server.state_dir / "builds")
    age(record.directory)
    assert clean_up(server.state_dir) == []
    os.close(lock)
    assert [leftover.path for leftover in clean_up(server.state_dir)] == [record.directory]


def test_what_is_young_stays(server: SampleServer) -> None:
    record, lock = create_record(server.state_dir / "builds")
    os.close(lock)
    assert clean_up(server.state_dir) == []
    assert record.directory.is_dir()


def test_what_is_not_ours_stays(server: SampleServer) -> None:
    stranger = server.state_dir / "builds" / "notes"
    stranger.mkdir(parents=True)
    paper = server.state_dir / "bundles" / "README"
    paper.parent.mkdir()
    paper.write_text("mine")
    age(stranger)
    age(paper)
    assert clean_up(server.state_dir) == []
    assert stranger.is_dir()
    assert paper.exists()


def test_a_build_that_no_list_names_is_listed_as_interrupted(server: SampleServer) -> None:
    """Its client was killed between its record and the database."""
    build = server.end(deploy(server.configured, server.bundle()))
    record = Record(build.directory)
    with open_database(server.state_dir) as store, store.change():
        store.remove_build(build.id)
    document = json.loads((build.directory / "build.json").read_text())
    document |= {"outcome": "running", "finished": None}
    (build.directory / "build.json").write_text(json.dumps(document))
    age(build.directory)
    assert list_builds(server.state_dir) == ()
    assert clean_up(server.state_dir) == []
    (listed,) = list_builds(server.state_dir)
    assert (listed.id, listed.outcome) == (build.id, "interrupted")
    assert record.build().outcome == "interrupted"


def test_a_bundle_that_nothing_refers_to_goes_and_one_in_use_stays(server: SampleServer) -> None:
    build = server.end(deploy(server.configured, server.bundle()))
    bundles = server.state_dir / "bundles"
    (used,) = bundles.iterdir()
    orphan, half = bundles / f"{'0' * 64}.tar.gz", bundles / ".bundle-x1"
    for path in (orphan, half):
        shutil.copy(used, path)
        age(path)
    age(used)
    with open_database(server.state_dir) as store:
        planned = find_orphans(server.state_dir, store)
    assert {leftover.path for leftover in planned} == {orphan, half}
    assert all(leftover.size == used.stat().st_size for leftover in planned)
    assert orphan.exists()
    assert {leftover.path for leftover in clean_up(server.state_dir)} == {orphan, half}
    assert list(bundles.iterdir()) == [used]
    assert build.directory.is_dir()


def test_no_bundle_goes_while_a_deploy_may_be_about_to_take_it(server: SampleServer) -> None:
    server.end(deploy(server.configured, server.bundle()))
    orphan = server.state_dir / "bundles" / f"{'0' * 64}.tar"
    orphan.write_bytes(b"a bundle")
    age(orphan)
    record, lock = create_record(server.state_dir / "builds")
    assert clean_up(server.state_dir) == []
    os.close(lock)
    assert [leftover.path for leftover in clean_up(server.state_dir)] == [orphan]
    assert record.directory.is_dir()


def test_a_bundle_that_a_deploy_has_taken_meanwhile_is_put_back(
    server: SampleServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    orphan = server.state_dir / "bundles" / f"{'0' * 64}.tar"
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"a bundle")
    age(orphan)
    real, held = os.rename, list[int]()

    def rename(source: Path, target: Path) -> None:
        if source == orphan:  # a deploy begins at the last moment, and sees the bundle
            held.append(create_record(server.state_dir / "builds")[1])
        real(source, target)

    monkeypatch.setattr(os, "rename", rename)
    assert clean_up(server.state_dir) == []
    assert orphan.read_bytes() == b"a bundle"
    os.close(held[0])


def test_the_end_of_a_build_sweeps(server: SampleServer) -> None:
    directory = killed_after(server, "create_record(Path(sys.argv[1]))")
    server.end(deploy(server.configured, server.bundle()))
    assert not directory.exists()


def test_pruning_shows_it_first_and_then_clears_it_away(server: SampleServer) -> None:
    directory = killed_after(server, "create_record(Path(sys.argv[1]))")
    planned = server.run("environments", "prune", "--json")
    assert [item["path"] for item in json.loads(planned.stdout)["leftovers"]] == [str(directory)]
    shown = server.run("environments", "prune")
    assert "would clear  " in shown.stdout
    assert "its deploy was killed before it was begun" in shown.stdout
    assert directory.is_dir()
    done = server.run("environments", "prune", "--yes", "--json")
    assert [item["path"] for item in json.loads(done.stdout)["leftovers"]] == [str(directory)]
    assert not directory.exists()
