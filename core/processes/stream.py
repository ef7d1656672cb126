"""Run one program of a build and hands over its output while it comes."""

from __future__ import annotations

import os
import select
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..frozen import frozen
from ..users import User
from .confinement import View, find_confinement, status_of
from .tree import MARK, die_with_parent, end_descendants

_CHUNK = 256 * 1024
_LOOK = 0.05  # seconds between two looks at the clock, the cancellation, the child
_TICK = 0.1


@frozen
class ChildProcess:
    """What to run, and what happens meanwhile.

    user: who it is to be; None for the worker's own user.
    view: what it sees of a directory that is hidden from it, where it can be confined; None: all.
    take: gets the output, standard error with it, as it comes, and None at its end.
    look: called at least every 50 ms; it raises to end the child.
    tick: called some ten times a second.
    """

    argv: Sequence[str]
    env: Mapping[str, str]
    build: str
    cwd: Path | None
    input: bytes | None
    user: User | None
    take: Callable[[bytes | None], None]
    look: Callable[[], None]
    tick: Callable[[], None] | None
    view: View | None = None


def run(child: ChildProcess) -> int:
    """Run it to its end; the exit status, negative for a signal.

    Nothing that it started is left when this returns or raises. Raises OSError where it cannot be
    started, and whatever `take`, `look` and `tick` raise.
    """
    worker = os.getpid()
    argv, user, is_confined = _confined(child)
    source = _as_file(child.input)
    try:
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL if source is None else source,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            cwd=child.cwd or "/",
            env={**child.env, MARK: child.build},
            start_new_session=True,
            umask=0o022,
            preexec_fn=lambda: die_with_parent(worker),
            user=None if user is None else user.uid,
            group=None if user is None else user.gid,
            extra_groups=None if user is None else user.groups,
        )
    finally:
        if source is not None:
            os.close(source)
    try:
        _attend(process, child)
    finally:
        # Kill all remaining descendants, however the step ended.
        if process.poll() is None:
            process.kill()
            process.wait()
        end_descendants()
        assert process.stdout is not None
        process.stdout.close()
    child.take(None)
    return status_of(process.returncode) if is_confined else process.returncode


def _confined(child: ChildProcess) -> tuple[Sequence[str], User | None, bool]:
    """Return the command to start, the user to start it as, and whether it is confined."""
    if child.view is None:
        return child.argv, child.user, False
    confinement = find_confinement()
    if not confinement.is_whole:
        return child.argv, child.user, False
    os.stat(child.argv[0])  # what is not there is an error, as without confinement
    return confinement.command(child.argv, child.view, child.user), None, True


def _attend(process: subprocess.Popen[bytes], child: ChildProcess) -> None:
    """Take the output until the child has ended.

    Not until the output has: a daemon that it started may hold the pipe open for ever.
    """
    assert process.stdout is not None
    output = process.stdout.fileno()
    os.set_blocking(output, False)
    poll = select.poll()
    poll.register(output, select.POLLIN)
    end = _end_of(process.pid)
    if end is not None:
        poll.register(end, select.POLLIN)
    next_look = next_tick = 0.0
    is_open, has_ended = True, False
    try:
        while not has_ended:
            ready = {descriptor for descriptor, _ in poll.poll(_LOOK * 1000)}
            has_ended = process.poll() is not None if end is None else end in ready
            if output in ready and not _read(output, child):
                poll.unregister(output)
                is_open = False
            now = time.monotonic()
            if now >= next_look:
                child.look()
                next_look = now + _LOOK
            if child.tick is not None and now >= next_tick:
                child.tick()
                next_tick = now + _TICK
        process.wait()
        while is_open and _has_more(output):
            is_open = _read(output, child)
    finally:
        if end is not None:
            os.close(end)


def _read(output: int, child: ChildProcess) -> bool:
    """Hand over what is there; False at the end of the output."""
    try:
        data = os.read(output, _CHUNK)
    except BlockingIOError:
        return True
    if data:
        child.take(data)
    return bool(data)


def _has_more(output: int) -> bool:
    return bool(select.select([output], [], [], 0)[0])


def _end_of(process: int) -> int | None:
    """Return a descriptor that becomes readable when the process ends.

    None on kernels before 5.3.
    """
    try:
        return os.pidfd_open(process)
    except OSError:
        return None


def _as_file(data: bytes | None) -> int | None:
    """Return what the child reads, in a file without a name: a pipe would block beyond its size."""
    if data is None:
        return None
    descriptor = os.memfd_create("input")
    with open(os.dup(descriptor), "wb") as file:
        file.write(data)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor
