"""A kill at any moment leaves no environment that a later run takes for complete, no build that is
running for ever, and nobody at work."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from pysteward.core.builds import (
    Build,
    Finished,
    Record,
    follow,
    list_builds,
    show,
)
from pysteward.core.content import deploy
from pysteward.core.environments import complete
from tests.support.server import SampleServer, worker_of
from tests.support.sizes import how_many
from tests.support.waiting import wait_for

WORKER_KILLS, CLIENT_KILLS = how_many(ci=5, full=50), how_many(ci=5, full=20)
EACH = 5  # kills in one test, which ends with a build that nobody disturbs

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def assert_whole(build: Build) -> None:
    """What must hold for a build that is over, however it ended."""
    assert build.outcome in ("succeeded", "interrupted"), build.log.read_text()
    assert build.finished
    *_, last = follow(Record(build.directory))
    assert isinstance(last, Finished)
    assert last.outcome == build.outcome
    if build.outcome == "succeeded":
        assert build.environment is not None
        assert complete(Path(build.environment.path))


def take_back(server: SampleServer) -> None:
    """Have the next build find nothing complete. Whatever is complete must work."""
    for path in environments(server):
        if complete(path):
            subprocess.run([path / "bin" / "python", "-c", "import alpha, beta"], check=True)
            (path / "pysteward.json").unlink()


def environments(server: SampleServer) -> list[Path]:
    found = server.state_dir.glob("environments/*/*/*")
    return [path for path in found if not path.name.startswith(".")]


def how_long(server: SampleServer) -> float:
    """Seconds of an undisturbed build; its environment is removed again."""
    began = time.monotonic()
    build = server.end(deploy(server.configured, server.bundle("whole", "beta\n")))
    assert build.outcome == "succeeded", build.log.read_text()
    assert build.environment is not None
    duration = time.monotonic() - began
    take_back(server)
    return duration


@pytest.mark.parametrize("seed", range(WORKER_KILLS // EACH))
def test_killing_the_worker_at_any_moment_leaves_nothing_half_there(
    server: SampleServer, seed: int
) -> None:
    chance = random.Random(seed)
    duration = how_long(server)
    bundle = server.directory / "bundles" / "whole"
    for number in range(EACH):
        moment = duration * (number + chance.random()) / EACH
        build = deploy(server.configured, bundle, f"killed{number}")
        began = time.monotonic()
        if build.is_running:
            worker = worker_of(server.record(build.id))
            time.sleep(max(0.0, began + moment - time.monotonic()))
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        assert_whole(server.end(build))
        take_back(server)
    last = server.end(deploy(server.configured, bundle, "last"))
    assert last.outcome == "succeeded", last.log.read_text()
    assert not last.reused


@pytest.mark.parametrize("seed", range(CLIENT_KILLS // EACH))
@pytest.mark.full
def test_killing_the_client_at_any_moment_leaves_a_whole_build_or_none(
    server: SampleServer, seed: int
) -> None:
    chance = random.Random(1000 + seed)
    duration = how_long(server)
    bundle = server.directory / "bundles" / "whole"
    for number in range(EACH):
        process = server.start("deploy", bundle, "--content", f"killed{number}")
        # Most of the moments fall into what the client does before its worker is on its own.
        time.sleep(duration * chance.random() ** 2)
        process.kill()
        process.communicate()
        for row in list_builds(server.state_dir):
            wait_for(lambda row=row: not show(server.state_dir, row.id).is_running)
            if row.content == f"killed{number}":
                assert_whole(show(server.state_dir, row.id))
        take_back(server)
    last = server.end(deploy(server.configured, bundle, "last"))
    assert last.outcome == "succeeded", last.log.read_text()
