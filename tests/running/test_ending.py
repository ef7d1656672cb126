"""However a check ends, no process and no port of its content is left."""

from __future__ import annotations

import os
import pty
import signal
from pathlib import Path
from typing import Any

import pytest

from pysteward.core.builds import Build, Record, current_build, list_runs
from pysteward.core.content import RunOptions, check
from pysteward.core.processes import find_confinement
from tests.running.content import GOOD, cause_of, checked, deployed
from tests.support.server import WHO, SampleServer, is_running, seen_outside, worker_of
from tests.support.waiting import wait_for

pytestmark = pytest.mark.skipif(
    not find_confinement().is_whole, reason="nothing here confines programs"
)

# Names itself, starts a daemon that leaves its session, and does not end before it is told to.
ENDLESS = f"""
import os, sys, time
notes = os.environ["NOTES_DIR"]
def note(name):
    with open(os.path.join(notes, name + ".new"), "w") as file:
        file.write({WHO})
    os.rename(os.path.join(notes, name + ".new"), os.path.join(notes, name))
if not os.fork():
    os.setsid()
    note("daemon")
    time.sleep(1000)
note("content")
while not os.path.exists(os.path.join(notes, "end")):
    time.sleep(0.1)
"""


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    directory = tmp_path / "notes"
    directory.mkdir()
    directory.chmod(0o777)
    return directory


def begin(server: SampleServer, notes: Path) -> tuple[Build, list[int]]:
    """Start a check of content that does not end; the processes that it has."""
    name = deployed(server, {"app.py": ENDLESS})
    run = check(server.configured, name, RunOptions(variables={"NOTES_DIR": str(notes)}))
    return run, processes_of(notes)


def processes_of(notes: Path) -> list[int]:
    def look() -> list[int] | None:
        if not ((notes / "content").exists() and (notes / "daemon").exists()):
            return None
        return [seen_outside((notes / name).read_text()) for name in ("content", "daemon")]

    found = wait_for(look)
    assert all(map(is_running, found))
    return found


def ended(run: Build, server: SampleServer, processes: list[int]) -> Build:
    record = Record(run.directory)
    wait_for(lambda: not record.is_alive())
    wait_for(lambda: not any(map(is_running, processes)))
    assert not record.work.exists()
    return current_build(server.state_dir, record)


def test_a_cancelled_check_leaves_nothing(server: SampleServer, notes: Path) -> None:
    run, processes = begin(server, notes)
    done = server.run("runs", "cancel", run.id)
    assert done.returncode == 0, done.stderr
    assert ended(run, server, processes).outcome == "cancelled"
    (row,) = list_runs(server.state_dir, content=run.content)
    assert (row.outcome, row.starts) == ("cancelled", None)


def test_a_check_whose_worker_is_killed_leaves_nothing(server: SampleServer, notes: Path) -> None:
    run, processes = begin(server, notes)
    os.kill(worker_of(Record(run.directory)), signal.SIGKILL)
    wait_for(lambda: not any(map(is_running, processes)))
    (row,) = list_runs(server.state_dir, content=run.content)
    assert (row.outcome, row.starts) == ("interrupted", None)
    assert ended(run, server, processes).outcome == "interrupted"


def test_a_check_goes_on_when_its_terminal_is_closed(server: SampleServer, notes: Path) -> None:
    name = deployed(server, {"app.py": ENDLESS})
    file = notes / "variables"
    file.write_text(f"NOTES_DIR={notes}\n")
    command = server.command("content", "check", name, "--env-file", file)
    client, terminal = pty.fork()
    if not client:
        os.execv(command[0], command)
    processes = processes_of(notes)
    os.close(terminal)
    os.waitpid(client, 0)
    (row,) = list_runs(server.state_dir, content=name)
    assert row.outcome == "running"
    assert all(map(is_running, processes))
    (notes / "end").touch()
    run = current_build(server.state_dir, Record(server.state_dir / "runs" / row.id))
    assert ended(run, server, processes).starts == "no"


def test_an_endless_import_is_ended_and_its_line_is_named(server: SampleServer) -> None:
    text = "import time\n\nwhile True:\n    time.sleep(0.01)\n"
    name = deployed(server, {"app.py": text})
    found = checked(server, name, "--timeout", "1")
    assert found["starts"] == "no", found["stderr"]
    cause = cause_of(found)
    assert cause["code"] == "start-timeout"
    assert cause["evidence"][0]["source"] == "app.py"
    assert cause["evidence"][0]["line"] in (3, 4)


LIMITED: dict[str, tuple[str, tuple[str, ...], str]] = {
    "one large value": ("data = b'x' * (200 << 20)\n", ("--memory", "100MiB"), "app.py"),
    "many processes": (
        "import os, time\nfor _ in range(4):\n    if not os.fork():\n"
        "        data = b'x' * (60 << 20)\n        time.sleep(1000)\ntime.sleep(1000)\n",
        ("--memory", "150MiB"),
        "",
    ),
    "what it prints": ("while True:\n    print('x' * 1000)\n", ("--output", "1MiB"), ""),
}


@pytest.mark.parametrize("what", LIMITED)
def test_content_that_takes_too_much_is_ended(server: SampleServer, what: str) -> None:
    text, options, file = LIMITED[what]
    name = deployed(server, {"app.py": text + GOOD})
    found: dict[str, Any] = checked(server, name, "--timeout", "40", *options)
    assert found["starts"] == "no", found["stderr"][-2000:]
    cause = cause_of(found)
    assert cause["code"] == ("content-failed" if "--output" in options else "out-of-memory")
    if file:
        assert cause["evidence"][0]["source"] == file
        assert "may use 100 MiB" in cause["cause"]
    log = Path(found["log"])
    assert log.stat().st_size < 3 << 20
