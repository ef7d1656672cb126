"""One builds or removes; many take into use; whoever dies lets go."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pysteward.core.state import forget_lock, hold, is_held, lock_file

_HOLDER = """
import sys
from pathlib import Path
from pysteward.core.state import hold
with hold(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "environments" / "pip" / "3.12.1" / "0123456789ABCDEFGHIJKL"


def test_who_holds_alone_keeps_everybody_out(path: Path) -> None:
    with hold(path) as held:
        assert held
        with hold(path, wait=False) as second, hold(path, shared=True, wait=False) as third:
            assert not second
            assert not third


def test_many_share(path: Path) -> None:
    with hold(path, shared=True, wait=False) as one, hold(path, shared=True, wait=False) as two:
        assert one
        assert two
        with hold(path, wait=False) as alone:
            assert not alone


def test_a_lock_is_seen_by_others_only_while_it_is_held_alone(path: Path) -> None:
    assert not is_held(path)
    with hold(path):
        assert is_held(path)
    with hold(path, shared=True):
        assert not is_held(path)


def test_a_killed_process_lets_go(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        assert is_held(path)
        child.kill()
    with hold(path, wait=False) as held:
        assert held


def test_whoever_waited_for_a_removed_environment_gets_a_lock_that_counts(path: Path) -> None:
    with (
        hold(path),
        subprocess.Popen(
            [sys.executable, "-c", _HOLDER, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as child,
    ):
        assert child.stdout is not None
        forget_lock(path)
        assert not lock_file(path).exists()
        # It either waits on the file that is gone, or makes a new one: in the end it holds
        # the lock that the next one to come will see.
        assert child.stdout.readline() == b"held\n"
        assert is_held(path)
        child.kill()
