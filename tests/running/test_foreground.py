"""`content run`: in the foreground, and whatever ends it leaves nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from pysteward.core.processes import find_confinement
from pysteward.core.running import make_workplace, remove_left_workplaces
from tests.running.content import GOOD, deployed
from tests.support.server import WHO, SampleServer, is_running, seen_outside
from tests.support.waiting import wait_for

pytestmark = pytest.mark.skipif(
    not find_confinement().is_whole, reason="nothing here confines programs"
)

# Starts a daemon that leaves its session, then serves.
TEXT = f"""
import os, sys, time
if not os.fork():
    os.setsid()
    with open(os.path.join(os.environ["NOTES_DIR"], "new"), "w") as file:
        file.write({WHO})
    os.rename(os.path.join(os.environ["NOTES_DIR"], "new"), os.environ["NOTES_DIR"] + "/daemon")
    time.sleep(1000)
print("given", sys.argv[1:], flush=True)
print("in", os.getcwd(), flush=True)
{GOOD}
"""


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    directory = tmp_path / "notes"
    directory.mkdir()
    directory.chmod(0o777)
    return directory


@pytest.fixture
def running(server: SampleServer, notes: Path) -> Iterator[subprocess.Popen[str]]:
    name = deployed(server, {"app.py": TEXT})
    file = notes / "variables"
    file.write_text(f"NOTES_DIR={notes}\n")
    process = server.start("content", "run", name, "--env-file", file, "--", "a", "--b")
    yield process
    process.kill()
    process.communicate()


def port_of(process: subprocess.Popen[str]) -> int:
    assert process.stderr is not None
    for line in process.stderr:
        if "listens at http://127.0.0.1:" in line:
            return int(line.partition("127.0.0.1:")[2].partition("/")[0])
    raise AssertionError("it did not say where it listens")


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGKILL])
def test_however_it_is_ended_no_process_and_no_port_is_left(
    running: subprocess.Popen[str], notes: Path, number: signal.Signals
) -> None:
    port = port_of(running)
    with urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
        assert answer.read() == b"hello"
    wait_for(lambda: (notes / "daemon").exists())
    daemon = seen_outside((notes / "daemon").read_text())
    assert is_running(daemon)
    os.kill(running.pid, number)
    output, _ = running.communicate()
    wait_for(lambda: not is_running(daemon) and not is_open(port))
    assert "given ['a', '--b']" in output
    (directory,) = (Path(line[3:]) for line in output.splitlines() if line.startswith("in "))
    if number is signal.SIGKILL:
        remove_left_workplaces()  # as the next run, and the next build, do
    else:
        assert running.returncode == 130
    assert not directory.parent.exists()


def test_only_what_no_program_uses_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with make_workplace() as used:
        left = tmp_path / "pysteward-run-left"
        new = tmp_path / "pysteward-run-new"
        for directory in (left, new, tmp_path / "outside"):
            directory.mkdir()
        (tmp_path / "pysteward-run-link").symlink_to("outside")
        (left / "lock").touch()
        remove_left_workplaces()
        assert used.exists()
        assert not left.exists()
        assert new.exists()
        os.utime(new, (0, 0))
        remove_left_workplaces()
        assert not new.exists()
        assert (tmp_path / "outside").exists()
    assert not used.exists()


def test_content_that_does_not_start_ends_with_its_cause(server: SampleServer) -> None:
    name = deployed(server, {"app.py": "import nothing_of_the_kind\n"})
    done = server.run("content", "run", name)
    assert done.returncode == 1
    assert "module-not-installed" in done.stderr
    assert "app.py, line 1: import nothing_of_the_kind" in done.stderr
