"""Ctrl-C at any moment from the first statement of ours on: no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

# Interrupts the program at the import with a given number, counted from the first statement of
# our own first module, which imports sys.
_INTERRUPT = """
import os, signal, sys
count = 0
def hook(event, arguments):
    global count
    if event == "import" and hasattr(sys.modules.get("pysteward.tui"), "sys"):
        count += 1
        if count == int(os.environ["INTERRUPT_AT"]):
            os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(hook)
"""
_PROGRAM = [sys.executable, "-m", "pysteward.tui"]
_SCRIPT = [str(Path(sys.executable).with_name("pysteward"))]
_INTERRUPTED = (-signal.SIGINT, 130)


def interrupted(
    directory: Path, program: list[str], at: int, *arguments: str
) -> subprocess.CompletedProcess[str]:
    (directory / "sitecustomize.py").write_text(_INTERRUPT)
    return subprocess.run(
        [*program, *arguments],
        capture_output=True,
        text=True,
        timeout=100,
        env={**os.environ, "PYTHONPATH": str(directory), "INTERRUPT_AT": str(at)},
        # What runs the tests may have their children ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


@pytest.mark.parametrize("program", [_PROGRAM, _SCRIPT], ids=["module", "script"])
def test_ctrl_c_while_the_program_starts_leaves_no_traceback(
    program: list[str], tmp_path: Path
) -> None:
    call = ("match", "3.8.1", "--installed", "3.8.3", "--json")
    whole = interrupted(tmp_path, program, 0, *call)
    assert whole.returncode == 0, whole.stderr
    at, step = 1, 7
    while True:
        ended = interrupted(tmp_path, program, at, *call)
        if ended.returncode == 0:
            break  # it imports no more than that
        assert ended.returncode in _INTERRUPTED, (at, ended.stderr)
        assert ended.stderr == "", at
        at += step
    assert at > 30


def test_ctrl_c_that_is_ignored_stays_ignored(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(_INTERRUPT)
    ended = subprocess.run(
        [*_PROGRAM, "match", "3.8.1", "--installed", "3.8.3"],
        capture_output=True,
        text=True,
        timeout=100,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "INTERRUPT_AT": "5"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_importing_the_package_leaves_another_program_its_handler() -> None:
    code = (
        "import signal, pysteward.tui\n"
        "print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert ended.stdout == "True\n"
