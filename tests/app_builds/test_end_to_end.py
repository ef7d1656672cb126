"""The installed program in a real terminal, with a real build that outlives that terminal."""

from __future__ import annotations

import pytest

from pysteward.core.builds import list_builds, show
from tests.support.server import (
    SampleServer,
    is_running,
    wait_for,
    worker_of,
)
from tests.support.terminal import Terminal, terminal
from tests.support.wheels import make_sdist

SLOW = """
import time
for step in range(3000):
    sys.stderr.write("compiling step %d\\n" % step)
    sys.stderr.flush()
    time.sleep(0.2)
"""


def opened(server: SampleServer) -> list[str]:
    return server.command()[3:]


def type_in(shown: Terminal, text: str) -> None:
    shown.press(text)
    shown.wait_for(text[-20:])


@pytest.mark.terminal
@pytest.mark.slow
def test_a_build_is_started_outlives_its_terminal_is_seen_live_and_cancelled(
    server: SampleServer,
) -> None:
    server.packages = server.directory / "slow"
    make_sdist(server.packages, "slow", while_building=SLOW)
    bundle = server.bundle("slow", "slow\n")
    with terminal(opened(server), size=(120, 40)) as shown:
        shown.wait_for("1 Installations")
        shown.press("3")
        shown.wait_for("d Deploy")
        shown.press("d")
        shown.wait_for("Deploy a bundle")
        type_in(shown, str(bundle))
        shown.press("\r")
        shown.wait_for("Enter deploys it", 60)
        shown.press("\r")
        shown.wait_for("Creating environment", 90)
        # The context ends the program with SIGHUP, as a terminal does that goes away.
    build = list_builds(server.state_dir)[0]
    assert build.outcome == "running"
    worker = worker_of(server.record(build.id))
    with terminal(opened(server), size=(80, 24)) as shown:
        shown.wait_for("1 Installations")
        shown.press("4")
        shown.wait_for("running")
        shown.press("\r")
        shown.wait_for("Creating environment", 60)
        wait_for(lambda: show(server.state_dir, build.id).phase == "build")
        shown.wait_for("build:", 60)
        shown.press("c")
        shown.wait_for("Cancel this build?")
        shown.press("y")
        shown.wait_for("cancelled  slow", 60)  # the outcome, not that it is asked for
        shown.press("q")
        assert shown.end() == 0
    assert show(server.state_dir, build.id).outcome == "cancelled"
    wait_for(lambda: not is_running(worker))
