"""A disk that is full at any moment ends a build in a clear failure, and nothing is half there."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pysteward.core.builds import clean_up, list_builds, show
from pysteward.core.environments import complete
from tests.support.server import SampleServer
from tests.support.wheels import make_wheel

KIB = 1024


@pytest.fixture
def small_disk(server: SampleServer) -> Iterator[SampleServer]:
    """A server whose state lies on a disk of its own, of 64 MiB at most."""
    yield from mounted(server, "size=64m")


def mounted(server: SampleServer, options: str) -> Iterator[SampleServer]:
    if os.geteuid() != 0:
        pytest.skip("only root may mount a tmpfs")
    server.state_dir.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(server.state_dir)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a tmpfs cannot be mounted here")
    try:
        yield server
    finally:
        subprocess.run(["umount", "--lazy", str(server.state_dir)], check=True)


def leave_only(server: SampleServer, room: int) -> None:
    """Fill the disk up to so many KiB."""
    status = os.statvfs(server.state_dir)
    free = status.f_bavail * status.f_frsize
    with (server.state_dir / "filling").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, free - room * KIB)


def leave_nothing(server: SampleServer) -> None:
    """Fill the disk to the last block."""
    leave_only(server, 0)
    with contextlib.suppress(OSError), (server.state_dir / "rest").open("wb", 0) as file:
        while True:
            file.write(b"x" * 512)


# Too little for the database, for the record, for the environment's beginning, for its packages.
@pytest.mark.parametrize("room", [0, 16, 64, 192, 400, 2000, 8000, 9_000])
def test_a_full_disk_is_a_clear_failure_and_leaves_nothing_half_there(
    small_disk: SampleServer, room: int
) -> None:
    server = small_disk
    # So that there is more to write than the last of those rooms, whatever virtualenv seeds.
    make_wheel(server.packages, "bulky", files={"bulky/data": " " * 6 * KIB * KIB})
    bundle = server.bundle(requirements="bulky\n")
    leave_only(server, room)
    ended = server.run("deploy", bundle, "--json", timeout=250)
    assert ended.returncode in (1, 2), ended.stderr
    assert "core/builds/" not in ended.stderr  # pip's own tracebacks are pip's
    document = json.loads(ended.stdout)
    if ended.returncode == 2:
        assert document["error"]["code"] in ("no-space", "bundle-unwritable")
        assert "space" in document["error"]["message"] or "full" in document["error"]["message"]
    else:
        assert document["outcome"] == "failed"
        assert "space" in Path(document["log"]).read_text() + ended.stderr
    (server.state_dir / "filling").unlink()
    for row in list_builds(server.state_dir):
        build = show(server.state_dir, row.id)
        assert build.outcome == row.outcome == "failed"
        assert not (build.directory / "work").exists()
    environments = list(server.state_dir.glob("environments/*/*/*"))
    assert not [path for path in environments if path.name[0] != "."], environments

    again = server.run("deploy", bundle, "--json", timeout=250)
    assert again.returncode == 0, again.stderr
    assert complete(Path(json.loads(again.stdout)["environment"]["path"]))

    clean_up(server.state_dir, left_for=0)
    listed = {row.id for row in list_builds(server.state_dir)}
    directories = {path.name for path in (server.state_dir / "builds").iterdir()}
    assert directories - {".places"} == listed
    assert len(list((server.state_dir / "bundles").iterdir())) == 1


@pytest.fixture
def without_inodes(server: SampleServer) -> Iterator[SampleServer]:
    """A server whose state lies on a disk with few inodes."""
    yield from mounted(server, "size=64m,nr_inodes=600")


def use_all_inodes(server: SampleServer) -> None:
    directory = server.state_dir / "filling"
    directory.mkdir()
    with contextlib.suppress(OSError):
        for number in range(1000):
            (directory / str(number)).touch()


def test_with_nothing_left_what_only_reads_goes_on(small_disk: SampleServer) -> None:
    server = small_disk
    bundle = server.bundle()
    made = json.loads(server.run("deploy", bundle, "--json").stdout)
    leave_nothing(server)
    for command in (
        ("content", "list"),
        ("content", "show", "app"),
        ("builds", "list"),
        ("builds", "show", made["build"]),
        ("builds", "log", made["build"]),
        ("environments", "list"),
        ("environments", "verify"),
        ("installations",),
        ("diagnose", made["build"]),
    ):
        ended = server.run(*command)
        assert ended.returncode == 0, (command, ended.stderr)
    ensured = server.run("content", "ensure", "app")
    assert ensured.returncode == 0, ensured.stderr
    assert ensured.stdout.strip() == made["environment"]["path"]
    again = server.run("deploy", bundle, "--json")
    assert again.returncode == 2
    assert json.loads(again.stdout)["error"]["code"] == "no-space"


def test_pruning_makes_room_on_a_disk_with_nothing_left(small_disk: SampleServer) -> None:
    server = small_disk
    made = json.loads(server.run("deploy", server.bundle(), "--json").stdout)
    assert server.run("content", "remove", "app").returncode == 0
    leave_nothing(server)
    pruned = server.run("environments", "prune", "--unused", "--yes")
    assert pruned.returncode == 0, pruned.stderr
    assert not Path(made["environment"]["path"]).exists()
    assert os.statvfs(server.state_dir).f_bavail > 0
    assert server.run("environments", "prune", "--yes").returncode == 0
    listed = server.run("environments", "list", "--json").stdout
    assert json.loads(listed)["environments"] == []


def test_a_disk_without_inodes_is_called_so(without_inodes: SampleServer) -> None:
    server = without_inodes
    use_all_inodes(server)
    ended = server.run("deploy", server.bundle(), "--json")
    assert ended.returncode == 2
    error = json.loads(ended.stdout)["error"]
    assert error["code"] == "no-space"
    assert "inodes" in error["message"]
    shutil.rmtree(server.state_dir / "filling")
    assert server.run("content", "list").returncode == 0
