"""`upgrade --preflight` from the outside: progress, interruption, as whom pip runs."""

from __future__ import annotations

import json
import os
import pwd
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pysteward.core.bundles import parse_requirements
from pysteward.core.errors import StateError
from pysteward.core.resolution import prepared, resolve
from pysteward.core.upgrades import list_predictions
from pysteward.core.versions import PythonVersion
from tests.support.server import SampleServer
from tests.support.waiting import wait_for
from tests.support.wheels import make_wheel, served_from

CHANGE = ("--installed", "3.8.1", "--remove", "3.8.1", "--add", "3.12.4", "--matching", "nearest")


@pytest.fixture
def silent_index(server: SampleServer) -> Iterator[None]:
    """An index that takes a question and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/simple"
        server.environment.update(PIP_NO_INDEX="0", PIP_INDEX_URL=address)
        yield


def asking() -> set[int]:
    """The processes that ask an index now."""
    found: set[int] = set()
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            if b"_pip_for.py" in (directory / "cmdline").read_bytes():
                found.add(int(directory.name))
        except OSError:
            continue
    return found


@pytest.mark.usefixtures("silent_index")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_preflight_leaves_no_child_and_keeps_what_was_answered(
    server: SampleServer, how: signal.Signals
) -> None:
    server.bundle("quick", f"--no-index\n--find-links {server.packages}\nalpha\n")
    server.bundle("slow", "gone\n")
    before = asking()
    running = server.start(
        "upgrade", "--bundles", server.directory / "bundles", *CHANGE, "--preflight", "--jobs", "2"
    )
    kept = server.state_dir / "predictions"
    wait_for(lambda: list_predictions(kept))
    wait_for(lambda: asking() - before)
    running.send_signal(how)
    running.communicate(timeout=60)
    assert running.returncode == (130 if how is signal.SIGINT else -signal.SIGKILL)
    wait_for(lambda: not asking() - before)
    assert [made.content for made in list_predictions(kept)] == [("quick",)]


def test_progress_is_told_and_an_earlier_answer_taken(server: SampleServer) -> None:
    for name in ("one", "two"):
        server.bundle(name, "alpha\n")
    server.bundle("three", "gone\n")
    command = ("upgrade", "--bundles", server.directory / "bundles", *CHANGE, "--preflight")
    first = server.run(*command, "--json")
    assert first.returncode == 1, first.stderr
    assert "[2/2] " in first.stderr
    told = {
        tuple(made["content"]): made["outcome"] for made in json.loads(first.stdout)["preflight"]
    }
    assert told == {("one", "two"): "installs", ("three",): "fails"}
    server.packages = server.directory  # nothing is served any more
    again = server.run(*command)
    assert "one, two  3.12.4" in again.stdout
    assert "installs" in again.stdout


def test_bad_combinations_are_refused(server: SampleServer) -> None:
    for arguments in (
        ("upgrade",),
        ("upgrade", "apply", "--status"),
        ("upgrade", "apply", "--installed", "3.8.1", "--add", "3.9.1"),
        ("upgrade", "apply", "--add", "3.99.1", "--yes"),
        ("upgrade", "status"),
        ("upgrade", "--remove", "/nowhere"),
        ("upgrade", "--add", "3.9.1", "--jobs", "0"),
    ):
        ended = server.run(*arguments)
        assert ended.returncode == 2, (arguments, ended.stderr)
        assert "Traceback" not in ended.stderr
        assert "mistake" not in ended.stderr


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
SYSTEM = Path("/usr/bin/python3")


def can_run(user: str, python: Path) -> bool:
    command = [python, "-c", "import sys; sys.exit(sys.version_info < (3, 9))"]
    try:
        return subprocess.run(command, user=user, cwd="/", check=False).returncode == 0
    except OSError:
        return False


@needs_root
def test_as_root_pip_runs_as_the_user_of_the_builds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not can_run("nobody", SYSTEM) or not os.access("/tmp", os.W_OK):
        pytest.skip("nobody can run no Python here")
    monkeypatch.setattr(sys, "executable", str(SYSTEM))
    with TemporaryDirectory() as directory:
        index = Path(directory)
        index.chmod(0o755)
        make_wheel(index, "alpha")
        try:
            with prepared(tmp_path, served_from(index), "nobody") as pip:
                room = index / "room"
                room.mkdir()
                pip.give(room)
                pip.run(["list", "--log", str(room / "log")], {}, room)
                assert (room / "log").stat().st_uid == pwd.getpwnam("nobody").pw_uid
                answer = resolve(parse_requirements("alpha\n"), PythonVersion(3, 12, 4), pip)
                assert answer.outcome == "installs"
        except StateError:
            pytest.skip("nobody cannot read pysteward here")


@needs_root
def test_a_user_who_cannot_run_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private = tmp_path / "python"
    private.symlink_to(sys.executable)
    tmp_path.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(private))
    with pytest.raises(StateError, match="cannot run as nobody"), prepared(tmp_path, {}, "nobody"):
        pass
