"""A build goes on by itself, ends when it has to, and leaves nobody at work."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from pysteward.core.builds import (
    Build,
    Finished,
    Record,
    Waiting,
    cancel,
    find_content,
    follow,
    list_builds,
    show,
)
from pysteward.core.content import deploy
from pysteward.core.environments import complete
from tests.support.server import (
    WHO,
    SampleServer,
    is_running,
    seen_outside,
    wait_for,
    worker_of,
)
from tests.support.wheels import make_sdist, make_wheel

# What a package does while it is built: it leaves a daemon behind, in a session of its own and
# without any variable that would tell whose it is, then it hangs.
HANGS = """
import time
def daemon(variables):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            with open({notes!r}, "a") as notes:
                notes.write({who})
            nothing = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(nothing, stream)
            os.closerange(3, 256)
            os.execve("/bin/sleep", ["sleep", "600"], variables)
        os._exit(0)
    os.wait()
daemon({variables})
with open({notes!r}, "a") as notes:
    notes.write({who})
time.sleep(600)
"""


@pytest.fixture
def hanging(server: SampleServer, tmp_path: Path) -> tuple[Build, list[int]]:
    """A build that hangs, and the processes that it consists of: daemon, builder."""
    return hang(server, tmp_path, "{}")


def hang(server: SampleServer, tmp_path: Path, variables: str) -> tuple[Build, list[int]]:
    notes = tmp_path / "processes"
    doing = HANGS.format(notes=str(notes), variables=variables, who=WHO)
    server.packages = tmp_path / "hanging"
    make_sdist(server.packages, "hanging", while_building=doing)
    build = deploy(server.configured, server.bundle("hanging", "hanging\n"))
    return build, wait_for(lambda: processes(notes))


def processes(notes: Path) -> list[int] | None:
    lines = notes.read_text().splitlines() if notes.exists() else []
    return list(map(seen_outside, lines)) if len(lines) == 2 else None


def test_cancelling_ends_every_process_of_a_build_also_a_daemon(
    server: SampleServer, hanging: tuple[Build, list[int]]
) -> None:
    build, numbers = hanging
    assert show(server.state_dir, build.id).phase == "build"
    assert all(map(is_running, numbers))
    assert cancel(server.state_dir, build.id, "alice")
    ended = server.end(build)
    assert ended.outcome == "cancelled"
    assert ended.log.read_text().splitlines()[-1] == "pysteward: build cancelled by alice"
    assert not any(map(is_running, numbers))
    assert ended.environment is None
    assert not cancel(server.state_dir, build.id, "alice")


def test_a_build_that_takes_too_long_is_ended(server: SampleServer, tmp_path: Path) -> None:
    server.lines.append("build-timeout = 12")
    build, numbers = hang(server, tmp_path, "{}")
    ended = server.end(build)
    assert ended.outcome == "failed"
    assert "pysteward: time limit of 12 seconds reached" in ended.log.read_text().splitlines()
    assert not any(map(is_running, numbers))


def test_a_worker_that_the_system_ends_leaves_nobody_behind(
    server: SampleServer, hanging: tuple[Build, list[int]]
) -> None:
    build, numbers = hanging
    os.kill(worker_of(server.record(build.id)), signal.SIGTERM)
    ended = server.end(build)
    assert ended.outcome == "interrupted"
    assert not any(map(is_running, numbers))


def test_a_killed_worker_leaves_an_interrupted_build_and_the_next_one_ends_what_is_left(
    server: SampleServer, tmp_path: Path
) -> None:
    build, (daemon, builder) = hang(server, tmp_path, "dict(os.environ)")
    os.kill(worker_of(server.record(build.id)), signal.SIGKILL)
    ended = server.end(build)
    assert ended.outcome == "interrupted"
    assert ended.finished is not None
    assert "interrupted" in ended.log.read_text().splitlines()[-1]
    wait_for(lambda: not is_running(daemon))
    wait_for(lambda: not is_running(builder))
    assert [row.outcome for row in list_builds(server.state_dir)] == ["interrupted"]
    assert not (build.directory / "work").exists()

    make_wheel(server.packages, "hanging", "2.0")
    again = server.end(deploy(server.configured, server.directory / "bundles" / "hanging"))
    assert again.outcome == "succeeded", again.log.read_text()


def test_nothing_that_a_finished_step_started_goes_on(server: SampleServer, tmp_path: Path) -> None:
    notes = tmp_path / "processes"
    doing = HANGS.format(notes=str(notes), variables="{}", who=WHO).replace("time.sleep(600)", "")
    server.packages = tmp_path / "leaving"
    make_sdist(server.packages, "leaving", while_building=doing)
    build = server.end(deploy(server.configured, server.bundle("leaving", "leaving\n")))
    assert build.outcome == "succeeded", build.log.read_text()
    assert not any(map(is_running, processes(notes) or []))


def test_a_hangup_of_the_terminal_does_not_touch_the_build(server: SampleServer) -> None:
    build = deploy(server.configured, server.bundle())
    worker = worker_of(server.record(build.id))
    wait_for(lambda: show(server.state_dir, build.id).phase != "match")
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        os.kill(worker, number)
    assert os.getsid(worker) == worker
    assert server.end(build).outcome == "succeeded"


def test_builds_wait_for_a_place_and_say_so(
    server: SampleServer, hanging: tuple[Build, list[int]]
) -> None:
    build, _ = hanging
    server.lines.append("parallel-builds = 1")
    make_wheel(server.packages, "quick")
    waiting = deploy(server.configured, server.bundle("quick", "quick\n"))
    record = Record(waiting.directory)
    assert any(
        isinstance(event, Waiting) and event.reason == "place"
        for event in events_until(record, Waiting)
    )
    assert show(server.state_dir, waiting.id).phase == "wait"
    cancel(server.state_dir, build.id, "alice")
    assert server.end(waiting).outcome == "succeeded"


def events_until(record: Record, kind: type) -> list[object]:
    seen: list[object] = []
    for event in follow(record):
        seen.append(event)
        if isinstance(event, (kind, Finished)):
            break
    return seen


def test_a_build_that_waits_for_another_can_be_cancelled_alone(
    server: SampleServer, hanging: tuple[Build, list[int]]
) -> None:
    first, _ = hanging
    second = deploy(server.configured, server.directory / "bundles" / "hanging", "second")
    waiting = [
        event for event in events_until(Record(second.directory), Waiting) if type(event) is Waiting
    ]
    assert [(event.reason, event.build) for event in waiting] == [("environment", first.id)]
    cancel(server.state_dir, second.id, "alice")
    assert server.end(second).outcome == "cancelled"
    assert show(server.state_dir, first.id).is_running
    cancel(server.state_dir, first.id, "alice")
    assert server.end(first).outcome == "cancelled"


def test_a_build_that_waited_for_a_cancelled_one_builds_itself(
    server: SampleServer, hanging: tuple[Build, list[int]]
) -> None:
    first, _ = hanging
    second = deploy(server.configured, server.directory / "bundles" / "hanging", "second")
    events_until(Record(second.directory), Waiting)
    make_wheel(server.packages, "hanging", "2.0")
    cancel(server.state_dir, first.id, "alice")
    ended = server.end(second)
    assert ended.outcome == "succeeded", ended.log.read_text()
    assert not ended.reused


def test_a_build_that_waited_for_a_failing_one_fails_with_it(
    server: SampleServer, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    os.mkfifo(go)
    server.packages = tmp_path / "broken"
    doing = f"open({str(go)!r}).read()\nraise SystemExit('this package is broken')"
    make_sdist(server.packages, "broken", while_building=doing)
    first = deploy(server.configured, server.bundle("broken", "broken\n"))
    wait_for(lambda: show(server.state_dir, first.id).phase != "match")  # the environment is its
    second = deploy(server.configured, server.directory / "bundles" / "broken", "second")
    events_until(Record(second.directory), Waiting)
    go.write_text("")
    assert server.end(first).outcome == "failed"
    ended = server.end(second)
    assert ended.outcome == "failed"
    lines = ended.log.read_text().splitlines()
    assert any("this package is broken" in line for line in lines)
    assert lines[-1] == f"pysteward: build {first.id}, which this one waited for, failed"
    assert len([line for line in lines if line.startswith("Creating environment: ")]) == 1


def test_ten_processes_that_deploy_the_same_make_one_build(server: SampleServer) -> None:
    bundle = server.bundle(requirements="beta\n")
    command = server.command("deploy", bundle, "--json")
    started = [
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(10)
    ]
    ended = [process.communicate(timeout=240) for process in started]
    assert [process.returncode for process in started] == [0] * 10, ended
    builds = [show(server.state_dir, row.id) for row in list_builds(server.state_dir)]
    assert len(builds) == 10
    assert sorted(build.reused for build in builds) == [False] + [True] * 9
    made = [build for build in builds if "created virtual environment" in build.log.read_text()]
    assert len({build.environment for build in builds}) == 1
    assert all("Completed Python build" in build.log.read_text() for build in builds)
    assert find_content(server.state_dir, "app").outcome == "succeeded"
    assert made


@pytest.mark.slow
@pytest.mark.full
def test_ten_different_builds_at_once_all_succeed(server: SampleServer, tmp_path: Path) -> None:
    server.packages = tmp_path / "ten"
    for number in range(10):
        make_wheel(server.packages, f"package{number}")
    builds = [
        deploy(server.configured, server.bundle(f"app{number}", f"package{number}\n"))
        for number in range(10)
    ]
    ended = [server.end(build) for build in builds]
    assert [build.outcome for build in ended] == ["succeeded"] * 10
    assert len({build.environment for build in ended}) == 10
    assert all(complete(Path(build.environment.path)) for build in ended if build.environment)


def test_passwords_reach_neither_the_record_nor_the_other_files(
    server: SampleServer, tmp_path: Path
) -> None:
    secret = "hunter2secret"
    server.environment["PIP_EXTRA_INDEX_URL"] = f"http://alice:{secret}@127.0.0.1:9/simple"
    server.packages = tmp_path / "talking"
    doing = f"print('https://bob:{secret}@example.org/x?token={secret}', flush=True)"
    make_sdist(server.packages, "talking", while_building=doing + "\nraise SystemExit(1)")
    build = server.end(deploy(server.configured, server.bundle("talking", "talking\n")))
    assert "bob:****@example.org" in build.log.read_text()
    for directory, _, names in os.walk(server.state_dir):
        for name in names:
            path = Path(directory, name)
            assert secret.encode() not in path.read_bytes(), path
