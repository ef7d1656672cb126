"""Short runs of programs: what they start ends with them, and what the system says is kept."""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path

import pytest

from pysteward.core.processes import batch
from pysteward.core.processes.batch import Command, run_all
from pysteward.core.processes.confinement import Confinement, find_confinement
from tests.support.waiting import wait_for

LAST_WORDS = b"that is all\n"


def run(*argv: str) -> batch.RunResult:
    ((_, result),) = run_all([Command(argv, LAST_WORDS)], None, {}, 20)
    return result


@pytest.fixture
def daemon(tmp_path: Path) -> Path:
    """A program whose daemon has left its session before it says its last words."""
    program, ready = tmp_path / "program", tmp_path / "ready"
    program.write_text(
        "#!/bin/sh\n"
        f"setsid sh -c 'touch {ready}; exec sleep 98.{os.getpid()}' >/dev/null 2>&1 </dev/null &\n"
        f"until test -e {ready}; do sleep 0.01; done\n"
        f"printf '{LAST_WORDS.decode().strip()}\\n'\n"
        "sleep 20\n"
    )
    program.chmod(0o755)
    return program


def daemons() -> list[int]:
    """The processes of the daemon that still run."""
    found: list[int] = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            text = Path("/proc", name, "cmdline").read_bytes()
        except OSError:
            continue
        if text == f"sleep\x0098.{os.getpid()}\0".encode():
            found.append(int(name))
    return found


def test_a_daemon_that_has_left_the_session_ends_with_the_run(daemon: Path) -> None:
    if not find_confinement().is_whole:
        pytest.skip("this system has no namespaces")
    assert run(str(daemon)).output == LAST_WORDS
    wait_for(lambda: not daemons())


def test_without_namespaces_only_the_session_ends(
    daemon: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "find_confinement", lambda: Confinement(None))
    assert run(str(daemon)).output == LAST_WORDS
    left = daemons()
    for process in left:
        os.kill(process, signal.SIGKILL)
    assert len(left) == 1


def test_what_cannot_be_executed_is_told_in_the_words_of_the_system(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.touch(0o644)
    assert isinstance(run(str(plain)).error, PermissionError)
    assert isinstance(run(str(tmp_path / "absent")).error, FileNotFoundError)
    plain.write_text("echo a shell runs it\n")
    plain.chmod(0o755)
    error = run(str(plain)).error
    assert error is not None
    assert error.errno == errno.ENOEXEC


def test_a_signal_is_told_as_such() -> None:
    assert run("/bin/sh", "-c", "kill -SEGV $$").status == -signal.SIGSEGV
    assert run("/bin/sh", "-c", "exit 3").status == 3
