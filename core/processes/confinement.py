"""Confine the programs of a build in namespaces of their own.

A confined program sees no process but those that it starts (PID namespace), and of the state
directory nothing but what is shown to it (mount namespace). All its processes end with it, and it
ends with the process that started it, however that ends: the kernel kills a PID namespace with its
first process (pid_namespaces(7)). Without confinement a daemon that clears its environment outlives
a killed worker, and the build of one content can write into that of another.

bubblewrap is used where it works, else unshare(1). Neither works for ordinary users on systems that
forbid them user namespaces (user_namespaces(7); AppArmor on Ubuntu 24.04).
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Literal

from ..frozen import frozen
from ..users import User

Tool = Literal["bubblewrap", "unshare"]

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_PROBE_TIMEOUT = 10.0  # seconds
_FIRST_DESCRIPTOR = 3
_SIOCSIFFLAGS = 0x8914
_IFF_UP_RUNNING = 0x1 | 0x40
_MOST_SHOWN = 6  # a POSIX shell redirects descriptors up to 9


@frozen
class View:
    """What a confined program sees of a directory that is hidden from it.

    hidden: an existing directory, shown empty.
    writable, read_only: existing directories below it that are shown as they are; six at most.
    has_network: whether it sees the network; else a loopback of its own and nothing more
        (network_namespaces(7)).
    """

    hidden: Path
    writable: tuple[Path, ...] = ()
    read_only: tuple[Path, ...] = ()
    has_network: bool = True


@frozen
class Confinement:
    """How programs are confined on this machine.

    tool: None where nothing works. program: its path. setpriv: the path of setpriv(1), with which
    root becomes another user. reason: why there is none or no better one, one clause; empty where
    bubblewrap is used.
    """

    tool: Tool | None
    program: str = ""
    setpriv: str = ""
    reason: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether programs are confined at all."""
        return self.tool is not None

    def command(self, argv: Sequence[str], view: View, user: User | None = None) -> list[str]:
        """Return the command that runs a program confined.

        user: who runs it; None: the caller. Root becomes that user inside of the confinement;
        the capabilities of root itself are dropped. The status of a program that a signal ended is
        128 and the signal's number, see `status_of`.
        """
        if self.tool is None:
            raise ValueError("there is no confinement here")
        view = _resolved(view)
        inside = [*self._become(user), *argv]
        if self.tool == "bubblewrap":
            return [*_bubblewrap(self.program, view), *inside]
        return [*_unshare(self.program, view), *inside]

    def end_together(self, argv: Sequence[str], user: User | None = None) -> list[str]:
        """Return the command that runs a program which sees all files, and whose processes end with
        it, also those that have left its session.

        user: who runs it; None: the caller, root with all that root may do. The status is as that
        of `command`.
        """
        if self.tool is None:
            raise ValueError("there is no confinement here")
        begin = _bubblewrap if self.tool == "bubblewrap" else _unshare
        become = [] if user is None else self._become(user)
        return [*begin(self.program, None), *become, *argv]

    def _become(self, user: User | None) -> list[str]:
        """Return the beginning of a command that gives up what root may do."""
        if os.geteuid() != 0:
            return []
        if user is None:
            return [self.setpriv, "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--"]
        groups = ",".join(map(str, user.groups))
        return [
            self.setpriv,
            f"--reuid={user.uid}",
            f"--regid={user.gid}",
            f"--groups={groups}" if groups else "--clear-groups",
            "--inh-caps=-all",
            "--no-new-privs",
            "--",
        ]

    def what_does_not_hold(self, runs_as_another: bool) -> tuple[str, ...]:
        """Return what is not assured without confinement, one sentence each; nothing where there is
        one.

        runs_as_another: whether builds run as another user than pysteward.
        """
        if self.is_whole:
            return ()
        shared = (
            "builds that run at the same time can write into one another's environments",
            "a daemon that a package starts can outlive a build whose worker was killed",
        )
        if runs_as_another:
            return shared
        return (
            *shared,
            "a package's code can read and change whatever is in the state directory: records, "
            "environments, caches, the database",
        )


def status_of(status: int) -> int:
    """Return the exit status of a confined program as `subprocess` counts it: negative for a
    signal.

    bubblewrap and shells report a signal as 128 and its number.
    """
    return 128 - status if 128 < status <= 128 + signal.NSIG else status


@cache
def find_confinement() -> Confinement:
    """Try what this machine has, once for each process: bubblewrap, then unshare.

    It takes some 20 ms. Nothing is left of the trial.
    """
    setpriv = shutil.which("setpriv", path=_PATH) or ""
    if os.geteuid() == 0 and not setpriv:
        return Confinement(None, reason="setpriv (package util-linux) is not installed")
    reasons: list[str] = []
    candidates: tuple[tuple[Tool, str], ...] = (("bubblewrap", "bwrap"), ("unshare", "unshare"))
    for tool, name in candidates:
        program = shutil.which(name, path=_PATH)
        if program is None:
            reasons.append(f"{tool} is not installed")
            continue
        found = Confinement(tool, program, setpriv, "; ".join(reasons))
        failure = _try(found)
        if failure is None:
            return found
        reasons.append(f"{tool} does not work here: {failure}")
    return Confinement(None, reason="; ".join(reasons))


def _try(confinement: Confinement) -> str | None:
    """Run a program that looks whether it is confined; None if so, else why not."""
    with _trial_view() as view:
        hidden, shown = view.hidden / "hidden", view.writable[0] / "shown"
        script = (
            f"test ! -e {shlex.quote(str(hidden))} && test -e {shlex.quote(str(shown))} "
            # In a PID namespace numbers begin at 1, and /proc shows that namespace only.
            '&& test "$$" -lt 100 && test -e "/proc/$$/stat"'
        )
        try:
            done = subprocess.run(
                confinement.command(["/bin/sh", "-c", script], view),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_PROBE_TIMEOUT,
                env={"PATH": _PATH, "LANG": "C.UTF-8"},
                cwd="/",
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
    if done.returncode == 0:
        return None
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else f"exit status {done.returncode}"


@contextmanager
def _trial_view() -> Generator[View]:
    with tempfile.TemporaryDirectory(prefix="pysteward-") as directory:
        hidden = Path(directory)
        shown = hidden / "below" / "shown"
        shown.mkdir(parents=True)
        (hidden / "hidden").touch()
        (shown / "shown").touch()
        yield View(hidden, (shown,))


def _resolved(view: View) -> View:
    """Return the same without links: a mount belongs to a real path."""

    def real(path: Path) -> Path:
        return Path(os.path.realpath(path))

    if len(view.writable) + len(view.read_only) > _MOST_SHOWN:
        raise ValueError(f"more than {_MOST_SHOWN} directories are shown")
    return replace(
        view,
        hidden=real(view.hidden),
        writable=tuple(map(real, view.writable)),
        read_only=tuple(map(real, view.read_only)),
    )


def _bubblewrap(program: str, view: View | None) -> list[str]:
    """Return the command up to what it runs. view: None: it sees all files."""
    command = [program, "--die-with-parent", "--unshare-pid", "--unshare-ipc"]
    if view is None:
        return [*command, "--dev-bind", "/", "/", "--proc", "/proc", "--"]
    if not view.has_network:
        command.append("--unshare-net")  # it also starts the loopback
    command += ["--dev-bind", "/", "/", "--proc", "/proc", "--tmpfs", str(view.hidden)]
    # What bubblewrap makes on the way to a mount is closed to other users; these are not.
    for directory in _directories_on_the_way(view):
        command += ["--dir", str(directory)]
    for path in view.writable:
        command += ["--bind", str(path), str(path)]
    for path in view.read_only:
        command += ["--ro-bind", str(path), str(path)]
    return [*command, "--remount-ro", str(view.hidden), "--"]


def _directories_on_the_way(view: View) -> list[Path]:
    """Return every directory between the hidden one and those shown, these included, upper ones
    first."""
    directories = {
        directory
        for shown in (*view.writable, *view.read_only)
        for directory in (shown, *shown.parents)
        if view.hidden in directory.parents
    }
    return sorted(directories)


def _unshare(program: str, view: View | None) -> list[str]:
    """Return the command up to what it runs: a shell in new namespaces makes the view.

    view: None: it sees all files.

    The shell stays as the first process, so that it reaps what is orphaned. An ordinary user is
    root in a user namespace for the mounts, and in another one below it nothing but himself.
    """
    namespaces = ["--mount", "--pid", "--ipc", "--fork", "--kill-child", "--mount-proc"]
    run = '"$@"'
    if os.geteuid() != 0:
        namespaces = ["--user", "--map-root-user", *namespaces]
        own = f"--map-user={os.geteuid()} --map-group={os.getegid()}"
        run = f'{shlex.quote(program)} --user {own} -- "$@"'
    loopback, mounts = "", "" if view is None else _mounts(view)
    if view is not None and not view.has_network:
        namespaces.append("--net")
        loopback = f"{_start_loopback()}\n"
    script = f"set -e\numask 022\n{loopback}{mounts}set +e\n{run}\nexit $?\n"
    return [program, *namespaces, "/bin/sh", "-c", script, "sh"]


def _start_loopback() -> str:
    """Return the shell command that starts the loopback of a new network namespace; netdevice(7).

    ip(8) is not on every machine.
    """
    code = (
        "import fcntl, socket, struct; "
        f"fcntl.ioctl(socket.socket(), {_SIOCSIFFLAGS}, "
        f"struct.pack('16sH14x', b'lo', {_IFF_UP_RUNNING}))"
    )
    return f"{shlex.quote(sys.executable)} -I -S -c {shlex.quote(code)}"


def _mounts(view: View) -> str:
    """Shell commands that hide a directory and show what lies below it.

    What is shown is opened before it is hidden, and mounted from its descriptor.
    """
    shown = (*view.writable, *view.read_only)
    paths = [shlex.quote(str(path)) for path in shown]
    numbers = range(_FIRST_DESCRIPTOR, _FIRST_DESCRIPTOR + len(shown))
    hidden = shlex.quote(str(view.hidden))
    lines = [f"exec {number}<{path}" for number, path in zip(numbers, paths, strict=True)]
    lines.append(f"mount -t tmpfs -o mode=755,nosuid,nodev tmpfs {hidden}")
    lines += [f"mkdir -p {path}" for path in paths]
    lines += [
        f"mount --no-canonicalize --bind /proc/self/fd/{number} {path}"
        for number, path in zip(numbers, paths, strict=True)
    ]
    lines += [f"mount -o remount,bind,ro {path}" for path in paths[len(view.writable) :]]
    lines += [f"exec {number}<&-" for number in numbers]
    # The current directory would still be that of before, and lead to what is hidden now.
    lines.append('cd "$PWD" || cd /')
    lines.append(f"mount -o remount,bind,ro,nosuid,nodev {hidden}")
    return "".join(f"{line}\n" for line in lines)
