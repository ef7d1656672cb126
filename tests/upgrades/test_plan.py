"""An upgrade that is done: settings, plan, builds, the way back; content that is asked for."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pysteward.core.builds import find_content
from pysteward.core.content import deploy, ensure, roll_back
from pysteward.core.errors import StateError
from pysteward.core.upgrades import (
    PlanFile,
    StepState,
    abandon,
    affected_content,
    compared_predictions,
    last_plan,
    resume,
    start,
)
from tests.support.installation import Installation
from tests.support.server import SampleServer
from tests.support.waiting import wait_for
from tests.support.wheels import make_sdist, make_wheel


@pytest.fixture
def wheels(server: SampleServer, tmp_path: Path) -> Path:
    """Packages that this test may change."""
    server.packages = tmp_path / "wheels"
    make_wheel(server.packages, "alpha")
    make_wheel(server.packages, "beta")
    return server.packages


def deployed(server: SampleServer, *names: str, requirements: str = "alpha\n") -> None:
    for name in names:
        build = server.end(deploy(server.configured, server.bundle(name, requirements)))
        assert build.outcome == "succeeded", build.findings


def vanish(environment: Path) -> None:
    """Remove it, once nobody writes into it any more."""
    wait_for((environment / "pysteward.settled").exists)
    shutil.rmtree(environment)


def over(file: PlanFile) -> Any:
    """The plan once its driver has left."""
    wait_for(lambda: not file.is_driven())
    return file.read()


def path_of(server: SampleServer, name: str) -> str:
    environment = find_content(server.state_dir, name).environment
    assert environment is not None
    return environment.path


def test_an_upgrade_is_shown_done_and_can_be_put_back(
    server: SampleServer, second: Installation, wheels: Path
) -> None:
    deployed(server, "app")
    first = server.installations[0]
    old = path_of(server, "app")
    change = ("--add", second.directory, "--remove", first, "--jobs", "1")

    asked = server.run("upgrade", *change, "--preflight", "--json")
    assert asked.returncode == 0, asked.stderr
    told = json.loads(asked.stdout)
    assert told["counts"]["moves"] == 1
    assert [made["outcome"] for made in told["preflight"]] == ["installs"]

    refused = server.run("upgrade", "apply", *change)
    assert refused.returncode == 2
    assert "--yes" in refused.stderr

    before = server.settings().read_text("utf-8")
    done = server.run("upgrade", "apply", *change, "--yes", "--json")
    assert done.returncode == 0, done.stderr
    assert f'-executables = ["{first}"]' in done.stderr
    assert f'+executables = ["{second.directory}"]' in done.stderr
    plan = json.loads(done.stdout)
    (step,) = plan["steps"]
    assert (step["content"], step["state"], step["urgency"]) == ("app", "done", "retired")
    assert step["predicted"] == "installs"
    assert Path(plan["backups"][0]).read_text("utf-8") == before
    server.installations = [second.directory]
    new = path_of(server, "app")
    assert new != old

    compared = json.loads(server.run("upgrade", "predictions", "--json").stdout)
    (made,) = compared["predictions"]
    assert (made["happened"], made["came_true"], made["build"]) == (
        "succeeded",
        True,
        step["build"],
    )

    assert server.run("content", "rollback", "app").returncode == 0
    assert path_of(server, "app") == old
    # It was put there on purpose: it stays, though that Python is no longer configured.
    ensured = server.run("content", "ensure", "app")
    assert (ensured.returncode, ensured.stdout) == (0, f"{old}\n")
    assert affected_content(server.configured) == ()
    assert path_of(server, "app") == old
    roll_back(server.state_dir, "app")
    assert path_of(server, "app") == new


def test_content_is_built_when_it_is_asked_for(
    server: SampleServer, second: Installation, wheels: Path
) -> None:
    deployed(server, "app")
    at_once = server.run("content", "ensure", "app")
    assert (at_once.stdout, at_once.stderr) == (f"{path_of(server, 'app')}\n", "")
    assert not heavy_imports(server, "content", "ensure", "app")
    server.installations = [second.directory]
    built = server.run("content", "ensure", "app", "--json")
    told = json.loads(built.stdout)
    assert built.returncode == 0
    assert told["rebuilt"] is True
    assert "no longer configured" in built.stderr
    assert "Creating environment" in built.stderr
    assert told["path"] == path_of(server, "app")
    assert Path(told["path"], "pysteward.json").exists()


def heavy_imports(server: SampleServer, *arguments: str) -> str:
    """What a command imports of what takes long, as it says itself."""
    program = server.command(*arguments)[3:]
    code = (
        "import sys\n"
        "from pysteward.tui.__main__ import main\n"
        f"assert main({program!r}) == 0\n"
        "heavy = {'packaging', 'tomlkit', 'virtualenv', 'textual', 'asyncio', 'urllib.request'}\n"
        "if sys.version_info < (3, 11):\n"
        "    heavy.discard('tomlkit')\n"  # which reads the settings where there is no tomllib
        "print(*(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return ended.stderr.strip()


@pytest.mark.full
def test_what_cannot_be_built_keeps_its_old_environment(
    server: SampleServer, second: Installation, wheels: Path
) -> None:
    deployed(server, "app")
    old = path_of(server, "app")
    server.installations = [second.directory]
    for wheel in wheels.glob("alpha*"):
        wheel.unlink()
    ended = server.run("content", "ensure", "app")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert path_of(server, "app") == old


@pytest.mark.full
def test_an_environment_that_vanished_is_made_again(server: SampleServer, wheels: Path) -> None:
    deployed(server, "app")
    path = Path(path_of(server, "app"))
    vanish(path)
    (step,) = affected_content(server.configured)
    assert (step.urgency, step.content) == ("broken", "app")
    ensured = ensure(server.configured, "app")
    assert ensured.build is not None
    assert server.end(ensured.build).outcome == "succeeded"
    assert ensure(server.configured, "app").path == path


@pytest.mark.full
def test_what_is_broken_comes_first_and_failures_can_be_retried(
    server: SampleServer, second: Installation, wheels: Path
) -> None:
    deployed(server, "a", "b")
    deployed(server, "c", requirements="beta\n")
    vanish(Path(path_of(server, "c")))
    server.installations = [second.directory]
    (wheels / "alpha-1.0-py2.py3-none-any.whl").rename(wheels / "kept")
    steps = affected_content(server.configured)
    assert [(step.content, step.urgency) for step in steps] == [
        ("c", "broken"),
        ("a", "retired"),
        ("b", "retired"),
    ]
    file = start(server.configured, steps, at_once=2)
    plan = over(file)
    assert [step.state for step in plan.steps] == [
        StepState.DONE,
        StepState.FAILED,
        StepState.FAILED,
    ]
    assert "alpha" in plan.steps[1].problem
    shown = server.run("upgrade", "status")
    assert shown.returncode == 1
    assert "upgrade retry" in shown.stdout

    (wheels / "kept").rename(wheels / "alpha-1.0-py2.py3-none-any.whl")
    plan = over(resume(server.state_dir, retry=True))
    assert plan.has_succeeded
    assert plan.finished is not None
    assert affected_content(server.configured) == ()


def test_what_nothing_matches_is_said_and_not_built(server: SampleServer, wheels: Path) -> None:
    deployed(server, "app")
    server.lines = []
    server.installations = []
    (step,) = affected_content(server.configured)
    assert step.state is StepState.UNMATCHED
    file = start(server.configured, [step])
    assert file.read().is_over
    assert not file.read().has_succeeded


def test_a_killed_driver_leaves_a_plan_that_can_be_resumed(
    server: SampleServer, second: Installation, wheels: Path, tmp_path: Path
) -> None:
    make_wheel(wheels, "slow")
    deployed(server, "a", requirements="slow\n")
    deployed(server, "b")
    (wheels / "slow-1.0-py2.py3-none-any.whl").unlink()
    gate = tmp_path / "gate"
    waiting = f"import time\nwhile not os.path.exists({str(gate)!r}):\n    time.sleep(0.01)"
    make_sdist(wheels, "slow", while_building=waiting)
    server.installations = [second.directory]
    file = start(server.configured, affected_content(server.configured), at_once=1)
    wait_for(lambda: file.read().steps[0].state is StepState.BUILDING)
    with pytest.raises(StateError, match="not finished"):
        start(server.configured, affected_content(server.configured))
    driver = driver_of(file)
    os.kill(driver, signal.SIGKILL)
    wait_for(lambda: not file.is_driven())
    assert file.read().steps[1].state is StepState.WAITING
    gate.touch()
    plan = over(resume(server.state_dir))
    assert [step.state for step in plan.steps] == [StepState.DONE, StepState.DONE]


def test_a_plan_can_be_stopped_and_abandoned(
    server: SampleServer, second: Installation, wheels: Path
) -> None:
    deployed(server, "a", "b")
    server.installations = [second.directory]
    steps = affected_content(server.configured)
    file = start(server.configured, steps, at_once=1)
    file.ask_to_stop()
    over(file)
    abandon(server.state_dir)
    assert last_plan(server.state_dir).read().is_over
    assert compared_predictions(server.state_dir) == ()


def test_a_damaged_plan_is_refused(server: SampleServer) -> None:
    directory = server.state_dir / "upgrades"
    directory.mkdir(parents=True)
    (directory / "20260101-000000000.json").write_text('{"schema": 9}')
    with pytest.raises(StateError, match="no plan"):
        last_plan(server.state_dir).read()


def driver_of(file: PlanFile) -> int:
    """The process that works on a plan."""

    def look() -> int | None:
        for directory in Path("/proc").glob("[0-9]*"):
            try:
                command = (directory / "cmdline").read_bytes()
            except OSError:
                continue
            if b"pysteward.core.upgrades.driver" in command and str(file.path).encode() in command:
                return int(directory.name)
        return None

    return wait_for(look)
