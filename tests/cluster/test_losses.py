"""What becomes of builds whose server, scheduler or client is gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pysteward.core.builds import Build, Record, list_builds, show
from tests.cluster.conftest import Servers
from tests.support.waiting import wait_for
from tests.support.wheels import make_sdist


@pytest.fixture
def go(tmp_path: Path) -> Iterator[Path]:
    """What the builds of a test wait for."""
    go = tmp_path / "go"
    yield go
    go.touch()


def begin(servers: Servers, name: str, go: Path) -> Build:
    """Begin a build and go away; return it once a server builds it, which waits for a file."""
    begun = go.with_name("begun")
    doing = (
        f"import os, time\nopen({str(begun)!r}, 'w').close()\n"
        f"while not os.path.exists({str(go)!r}):\n    time.sleep(0.05)\n"
    )
    make_sdist(servers.here.packages, name, while_building=doing)
    bundle = servers.here.bundle(name, f"{name}\n")
    options = [*servers.cluster.options(), "--detach", "--json"]
    ran = servers.here.run("deploy", bundle, *options)
    assert ran.returncode == 0, ran.stderr
    build = json.loads(ran.stdout)
    wait_for(begun.exists, lambda: f"the package's code: {Path(build['log']).read_text()}")
    return show(servers.here.state_dir, build["build"])


def end(servers: Servers, build: Build) -> Build:
    record = Record(build.directory)
    wait_for(lambda: not record.is_alive(), lambda: f"its end: {record.log.read_text()}")
    return show(servers.here.state_dir, build.id)


def test_a_build_whose_server_is_gone_is_given_to_another_once(servers: Servers, go: Path) -> None:
    build = begin(servers, "lost", go)
    first = build.server
    assert first is not None
    servers.cluster.kill(first)
    record = Record(build.directory)
    wait_for(
        lambda: (server := record.read().server) is not None and server != first,
        lambda: f"another server: {record.log.read_text()}",
    )
    go.touch()
    ended = end(servers, build)
    assert ended.outcome == "succeeded", ended.log.read_text()
    assert ended.server != first
    said = f"server {first} is gone: the build was interrupted and is given to another"
    assert said in ended.log.read_text()
    # When it comes back it is told to end its own: nothing is built at two places.
    servers.cluster.start_worker(first, servers.there[first])
    state_dir = servers.there[first].state_dir
    wait_for(
        lambda: all(row.outcome != "running" for row in list_builds(state_dir)),
        "the end of the build that was given away",
    )


@pytest.mark.full
def test_a_build_outlives_its_scheduler(servers: Servers, go: Path) -> None:
    build = begin(servers, "orphan", go)
    port = int(servers.cluster.address.rpartition(":")[2])
    servers.cluster.kill("scheduler")
    go.touch()
    servers.cluster.start_scheduler(port)
    ended = end(servers, build)
    assert ended.outcome == "succeeded", ended.log.read_text()
    assert ended.server == build.server
