"""A confined program sees its own part of the state directory, and ends with who started it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pysteward.core.processes.confinement import (
    Confinement,
    View,
    find_confinement,
    status_of,
)
from pysteward.core.users import User
from tests.support.waiting import wait_for

PROGRAMS = {"bubblewrap": "bwrap", "unshare": "unshare"}
NOBODY = User("nobody", 65534, 65534, (65534,))


@pytest.fixture(params=PROGRAMS)
def confinement(request: pytest.FixtureRequest) -> Confinement:
    """Each way to confine, as far as it works for this user."""
    program = shutil.which(PROGRAMS[request.param])
    setpriv = shutil.which("setpriv")
    if program is None or setpriv is None:
        pytest.skip(f"{request.param} is not installed")
    found = Confinement(request.param, program, setpriv)
    if (
        os.geteuid() != 0
        and subprocess.run(
            ["unshare", "--user", "--map-root-user", "true"], check=False, capture_output=True
        ).returncode
    ):
        pytest.skip("this system forbids ordinary users namespaces")
    return found


@pytest.fixture
def state(tmp_path: Path) -> Path:
    for above in tmp_path.parents:
        if above.name.startswith("pytest-"):
            above.chmod(0o755)
    tmp_path.chmod(0o755)
    state = tmp_path / "the state"
    for name in ("own", "space", "other", "deep/er/read"):
        (state / name).mkdir(parents=True)
        (state / name / "file").write_text(name)
        (state / name).chmod(0o777)
    return state


def view_of(state: Path) -> View:
    return View(state, (state / "own", state / "space"), (state / "deep" / "er" / "read",))


def run(
    confinement: Confinement, state: Path, script: str, account: User | None = None
) -> subprocess.CompletedProcess[str]:
    argv = ["/bin/sh", "-c", f"cd {state.as_posix()!r}\n{script}"]
    return subprocess.run(
        confinement.command(argv, view_of(state), account),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def accounts() -> list[User | None]:
    return [None, NOBODY] if os.geteuid() == 0 else [None]


@pytest.mark.parametrize("account", accounts())
def test_of_the_hidden_directory_only_what_is_shown_is_there(
    confinement: Confinement, state: Path, account: User | None
) -> None:
    done = run(confinement, state, "find . -type f | sort", account)
    assert done.stderr == ""
    assert done.stdout.split() == ["./deep/er/read/file", "./own/file", "./space/file"]


@pytest.mark.parametrize("account", accounts())
def test_what_is_shown_writable_is_written_and_all_else_is_not(
    confinement: Confinement, state: Path, account: User | None
) -> None:
    script = "for at in own space deep/er/read deep .; do echo new > $at/new && echo $at; done"
    done = run(confinement, state, script, account)
    assert done.stdout.split() == ["own", "space"]
    assert (state / "own" / "new").read_text() == "new\n"
    assert not (state / "deep" / "er" / "read" / "new").exists()


@pytest.mark.parametrize("account", accounts())
def test_the_view_cannot_be_taken_down_from_inside(
    confinement: Confinement, state: Path, account: User | None
) -> None:
    script = (
        "umount . ; mount -t tmpfs none . ; mount -o remount,rw . ;"
        "unshare --user --map-root-user --mount umount .; cat other/file; echo done"
    )
    assert run(confinement, state, script, account).stdout == "done\n"


@pytest.mark.parametrize("account", accounts())
def test_it_runs_as_the_user_that_is_wanted_and_may_not_become_another(
    confinement: Confinement, state: Path, account: User | None
) -> None:
    done = run(confinement, state, "id -u; id -g; setpriv --reuid=1234 id -u", account)
    wanted = [os.geteuid(), os.getegid()] if account is None else [account.uid, account.gid]
    assert done.stdout.split() == list(map(str, wanted))


def test_processes_outside_are_neither_seen_nor_killed(
    confinement: Confinement, state: Path
) -> None:
    outside = subprocess.Popen(["sleep", "60"])
    try:
        script = f"kill -9 {outside.pid}; grep -l sleep /proc/[0-9]*/comm; echo done"
        assert run(confinement, state, script).stdout == "done\n"
        assert outside.poll() is None
    finally:
        outside.kill()
        outside.wait()


def test_the_status_and_the_signal_of_the_program_are_told(
    confinement: Confinement, state: Path
) -> None:
    assert status_of(run(confinement, state, "exit 3").returncode) == 3
    assert status_of(run(confinement, state, "kill -9 $$").returncode) == -signal.SIGKILL
    assert status_of(run(confinement, state, "true").returncode) == 0


# A package's daemon: it leaves its session and parents, and clears its environment, in which a
# build's processes are known by a mark.
DAEMON = """
import os, pathlib, sys, time
if os.fork():
    while not pathlib.Path("daemon").exists():
        time.sleep(0.01)
    print("started", flush=True)
    time.sleep(%(seconds)s)
    os._exit(0)
os.setsid()
if os.fork():
    os._exit(0)
program = (
    "import fcntl, time; file = open('daemon', 'w'); fcntl.flock(file, fcntl.LOCK_EX);"
    "file.write('x'); file.flush(); time.sleep(600)"
)
os.execve(sys.executable, [sys.executable, "-c", program], {})
"""


def daemon(confinement: Confinement, state: Path, seconds: int) -> list[str]:
    program = DAEMON % {"seconds": seconds}
    argv = ["/bin/sh", "-c", 'cd "$1" && exec "$2" -c "$3"', "sh", str(state / "own")]
    return confinement.command([*argv, sys.executable, program], view_of(state))


def test_a_daemon_that_clears_its_environment_ends_with_the_program(
    confinement: Confinement, state: Path
) -> None:
    done = subprocess.run(daemon(confinement, state, 0), capture_output=True, text=True, check=True)
    assert done.stdout == "started\n"
    assert wait_for(lambda: is_free(state / "own" / "daemon"))


def test_all_processes_end_when_the_process_that_started_them_is_killed(
    confinement: Confinement, state: Path
) -> None:
    # The worker: it starts the program so that it is killed with it (PR_SET_PDEATHSIG).
    worker = (
        "import os, subprocess, sys\n"
        "from pysteward.core.processes.tree import die_with_parent\n"
        "me = os.getpid()\n"
        "subprocess.run(sys.argv[1:], preexec_fn=lambda: die_with_parent(me))\n"
    )
    command = [sys.executable, "-c", worker, *daemon(confinement, state, 600)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "started\n"
        assert not is_free(state / "own" / "daemon")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    assert wait_for(lambda: is_free(state / "own" / "daemon"))


def is_free(file: Path) -> bool:
    """Whether no process holds the lock of a file."""
    import fcntl

    with open(file) as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def test_a_state_directory_behind_a_link_is_hidden_as_well(
    confinement: Confinement, state: Path
) -> None:
    link = state.parent / "link"
    link.symlink_to(state)
    view = View(link, (link / "own",))
    argv = ["/bin/sh", "-c", 'find "$1/" "$2" -type f | sort', "sh", str(link), str(state)]
    done = subprocess.run(
        confinement.command(argv, view), capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == sorted([f"{link}/own/file", f"{state}/own/file"])


def test_the_best_way_that_works_is_found_once() -> None:
    find_confinement.cache_clear()
    begun = time.monotonic()
    found = find_confinement()
    took = time.monotonic() - begun
    assert find_confinement() is found
    if os.geteuid() == 0 and shutil.which("bwrap"):
        assert (found.tool, found.reason) == ("bubblewrap", "")
        assert found.what_does_not_hold(runs_as_another=False) == ()
    assert took < 5


def test_without_a_confinement_what_does_not_hold_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    find_confinement.cache_clear()
    monkeypatch.setattr(
        shutil, "which", lambda name, path=None: "/bin/setpriv" * (name == "setpriv")
    )
    try:
        found = find_confinement()
    finally:
        find_confinement.cache_clear()
    assert found.tool is None
    as_another, as_the_same = (len(found.what_does_not_hold(other)) for other in (True, False))
    assert 0 < as_another < as_the_same
    with pytest.raises(ValueError, match="no confinement"):
        found.command(["true"], View(Path("/tmp")))


@pytest.mark.parametrize("has_network", [True, False])
def test_without_the_network_there_is_a_loopback_of_its_own(
    confinement: Confinement, state: Path, has_network: bool
) -> None:
    view = View(state, (state / "own",), has_network=has_network)
    code = (
        "import socket; a = socket.socket(); a.bind(('127.0.0.1', 0)); a.listen(1); "
        "socket.create_connection(a.getsockname(), 5); print('connected')"
    )
    argv = [sys.executable, "-S", "-c", code]
    done = subprocess.run(
        confinement.command(argv, view), capture_output=True, text=True, check=True, timeout=60
    )
    assert "connected" in done.stdout
    here = os.readlink("/proc/self/ns/net")
    told = subprocess.run(
        confinement.command(["/bin/readlink", "/proc/self/ns/net"], view),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert (told.stdout.strip() == here) is has_network
