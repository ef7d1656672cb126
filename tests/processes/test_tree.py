"""The processes of a build are found whatever they do, and ended all together."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pysteward.core.processes.stream import ChildProcess, run
from pysteward.core.processes.tree import MARK, end_leftovers
from tests.support.server import is_running
from tests.support.waiting import wait_for

ROOT = Path(__file__).parents[2]


class Stop(Exception):
    pass


def child(
    script: str, *, given: bytes | None = None, look: object = None, tick: object = None
) -> tuple[ChildProcess, list[bytes | None]]:
    taken: list[bytes | None] = []
    made = ChildProcess(
        argv=["/bin/sh", "-c", script],
        env={"PATH": "/usr/bin:/bin"},
        build="b",
        cwd=None,
        input=given,
        user=None,
        take=taken.append,
        look=look or (lambda: None),
        tick=tick,
    )
    return made, taken


def text(taken: list[bytes | None]) -> str:
    assert taken[-1] is None
    return b"".join(taken[:-1]).decode()


def test_output_and_errors_come_in_their_order_and_the_status_in_the_end() -> None:
    made, taken = child("echo one; echo two >&2; echo three; exit 7")
    assert run(made) == 7
    assert text(taken) == "one\ntwo\nthree\n"


def test_a_child_that_a_signal_ends_has_a_negative_status() -> None:
    assert run(child("kill -9 $$")[0]) == -9


def test_a_child_gets_its_own_environment_session_and_mask_and_no_more() -> None:
    made, taken = child("env; umask; pwd; ps -o sid= -p $$; echo $$; cat")
    run(made)
    lines = text(taken).split()
    assert f"{MARK}=b" in lines
    assert {line.partition("=")[0] for line in lines if "=" in line} <= {
        "PATH",
        "PWD",
        "OLDPWD",
        "SHLVL",
        "_",
        MARK,
    }
    assert "0022" in lines
    assert "/" in lines
    assert lines[-1] == lines[-2]


def test_input_of_any_size_reaches_the_child() -> None:
    made, taken = child("wc -c", given=b"x" * 1_000_000)
    run(made)
    assert text(taken).strip() == "1000000"


def test_a_child_that_closes_its_output_is_still_waited_for(tmp_path: Path) -> None:
    done = tmp_path / "done"
    run(child(f"exec >&- 2>&-; sleep 0.2; touch {done}")[0])
    assert done.exists()


def test_a_daemon_that_keeps_the_output_open_holds_nobody_up_and_is_ended(tmp_path: Path) -> None:
    file = tmp_path / "number"
    daemon = f"setsid -f sh -c 'echo $$ > {file}; exec sleep 600'"
    script = (
        "from pysteward.core.processes.tree import adopt_orphans\n"
        "from tests.processes.test_tree import child, run, text\n"
        "adopt_orphans()\n"
        f"made, taken = child({f'{daemon}; until [ -s {file} ]; do :; done; cat {file}'!r})\n"
        "assert run(made) == 0\n"
        "print(text(taken))\n"
    )
    said = subprocess.check_output([sys.executable, "-c", script], cwd=ROOT, timeout=60)
    assert not is_running(int(said))


def test_whoever_looks_may_end_the_child() -> None:
    def look() -> None:
        if taken:
            raise Stop

    made, taken = child("echo $$; sleep 600", look=look)
    with pytest.raises(Stop):
        run(made)
    assert not is_running(int((taken[0] or b"").decode()))


def test_ticks_come_some_ten_times_a_second() -> None:
    ticks: list[None] = []
    run(child("sleep 1", tick=lambda: ticks.append(None))[0])
    assert 4 <= len(ticks) <= 12


def test_a_program_that_cannot_be_started_is_an_error_of_the_system() -> None:
    made, _ = child("")
    with pytest.raises(FileNotFoundError):
        run(
            ChildProcess(
                **{**{name: getattr(made, name) for name in made.__slots__}, "argv": ["/none"]}
            )
        )


def test_what_a_build_left_behind_is_found_by_its_mark() -> None:
    build = f"test-{os.getpid()}"
    marked = subprocess.Popen(["/bin/sleep", "600"], env={MARK: build}, start_new_session=True)
    other = subprocess.Popen(["/bin/sleep", "600"], env={MARK: f"{build}0"})
    try:
        wait_for(lambda: Path(f"/proc/{marked.pid}/cmdline").read_bytes().startswith(b"/bin/sleep"))
        assert end_leftovers(build) == []
        assert marked.wait(10) == -9
        assert is_running(other.pid)
    finally:
        other.kill()
        other.wait()


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        "from tests.processes.test_tree import child, run\n"
        f"run(child('echo $$ > {tmp_path}/number; sleep 600')[0])\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    file = tmp_path / "number"
    number = wait_for(lambda: file.exists() and file.read_text().strip() and int(file.read_text()))
    parent.kill()
    parent.wait()
    wait_for(lambda: not is_running(number))
