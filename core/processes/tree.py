"""The processes of a build: found whatever they do, and ended all together.

Three things hold them: the worker adopts orphans below it (PR_SET_CHILD_SUBREAPER, prctl(2)), so
that a process that daemonizes itself stays in its tree; each child dies with the worker
(PR_SET_PDEATHSIG); and all carry the build's id in their environment, by which those that outlive a
killed worker are found.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import time

MARK = "PYSTEWARD_BUILD"
"""The variable that names the build in each of its processes' environments."""

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_PR_SET_CHILD_SUBREAPER = 36
_KILL_FOR = 10.0  # seconds; a process in uninterruptible sleep may not die at once

_prctl = ctypes.CDLL(None, use_errno=True).prctl


def call_itself(name: str) -> None:
    """Have ``ps`` and ``top`` show this name, of at most 15 characters, for the process."""
    _prctl(_PR_SET_NAME, name.encode(), 0, 0, 0)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent(parent: int) -> None:
    """To be called between fork and exec: this process dies when its parent does."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the call
        os._exit(1)


def end_descendants() -> bool:
    """Kill everything below this process and reap it; whether nothing is left."""
    give_up = time.monotonic() + _KILL_FOR
    while has_children():
        # Those that run meanwhile may start more: until there is none, look again.
        for process in descendants(os.getpid()):
            _kill(process)
        if time.monotonic() > give_up:
            return False
        time.sleep(0.002)
    return True


def has_children() -> bool:
    """Return whether this process has children that live; those that have ended are reaped."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True


def descendants(ancestor: int) -> list[int]:
    """Return every process below one, nearest first."""
    children: dict[int, list[int]] = {}
    for process in _all():
        parent = _parent(process)
        if parent is not None:
            children.setdefault(parent, []).append(process)
    found = [ancestor]
    for process in found:
        found += children.get(process, [])
    return found[1:]


def memory_of_descendants() -> int:
    """Return the bytes that all processes below this one have for themselves.

    proc(5): what is resident and not shared; a page that two of them have after a fork counts for
    each.
    """
    pages = 0
    for process in descendants(os.getpid()):
        with contextlib.suppress(OSError, ValueError), open(f"/proc/{process}/statm", "rb") as file:
            _, resident, shared = map(int, file.read().split()[:3])
            pages += max(0, resident - shared)
    return pages * os.sysconf("SC_PAGE_SIZE")


def end_leftovers(build: str) -> list[int]:
    """Kill the processes that a build has left behind, its worker being gone.

    Returns those that this user may not kill, or that do not die.
    """
    give_up = time.monotonic() + _KILL_FOR
    while left := _marked(build):
        killed = [_kill(process) for process in left]
        if not any(killed) or time.monotonic() > give_up:
            return left
        time.sleep(0.005)
    return []


def _marked(build: str) -> list[int]:
    mark = f"{MARK}={build}".encode()
    found: list[int] = []
    for process in _all():
        if process == os.getpid():
            continue
        # A process of another user is passed over, as is one that ends meanwhile; proc(5): the
        # variables are separated by zero bytes, and a zombie has none.
        with contextlib.suppress(OSError), open(f"/proc/{process}/environ", "rb") as environ:
            if mark in environ.read().split(b"\0"):
                found.append(process)
    return found


def _all() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _parent(process: int) -> int | None:
    try:
        with open(f"/proc/{process}/stat", "rb") as stat:
            # proc(5): pid (comm) state ppid …; the name may hold blanks and parentheses.
            return int(stat.read().rpartition(b")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return None


def _kill(process: int) -> bool:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return True
