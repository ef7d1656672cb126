"""A disk that is full at any moment ends a build in a clear failure, and nothing is half there."""

from __future__ import annotations

import json
import os
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
    if os.geteuid() != 0:
        pytest.skip("only root may mount a tmpfs")
    server.state_dir.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(server.state_dir)]
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
        assert not (build.folder / "work").exists()
    environments = list(server.state_dir.glob("environments/*/*/*"))
    assert not [path for path in environments if path.name[0] != "."], environments

    again = server.run("deploy", bundle, "--json", timeout=250)
    assert again.returncode == 0, again.stderr
    assert complete(Path(json.loads(again.stdout)["environment"]["path"]))

    clean_up(server.state_dir, left_for=0)
    listed = {row.id for row in list_builds(server.state_dir)}
    folders = {path.name for path in (server.state_dir / "builds").iterdir()}
    assert folders - {".places"} == listed
    assert len(list((server.state_dir / "bundles").iterdir())) == 1
