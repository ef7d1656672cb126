"""Short runs of programs that may do anything: some at a time, bounded in time and in output."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import IO, Protocol

from ..file_io import open_regular
from ..frozen import frozen
from ..users import User
from .confinement import Confinement, find_confinement, status_of
from .variables import clean_environment

AT_A_TIME = 2
_MOST_OUTPUT = 256 * 1024
_LOOK_AGAIN = 0.05  # seconds: a grandchild may hold the pipe open after the child has gone
_TOOLS = (b"bwrap: ", b"setpriv: ", b"unshare: ", b"sh: ", b"/bin/sh: ")
_running: list[Endable] = []  # of all threads
_starting = Lock()  # held from before a run begins until it stands in that list
_program_ends = Event()


class Endable(Protocol):
    """Something that runs."""

    def end(self) -> None:
        """Kill it; from any thread, more than once."""
        ...


@frozen
class Command:
    """What to run, and the bytes after which it has said all.

    given: what it reads from its standard input. most: bytes that are taken of each of its outputs.
    """

    argv: tuple[str, ...]
    last_words: bytes
    given: bytes = b""
    most: int = _MOST_OUTPUT


@frozen
class RunResult:
    """How a run ended.

    status: the exit status, negative for a signal as ``subprocess`` has it; None where it was
        ended before it left, or never began.
    error: why it could not be started.
    """

    output: bytes = b""
    complaints: bytes = b""
    status: int | None = None
    error: OSError | None = None
    timed_out: bool = False


def run_all(
    commands: Sequence[Command],
    user: User | None,
    build_environment: Mapping[str, str],
    timeout: float,
) -> Iterator[tuple[int, RunResult]]:
    """Run all commands, two at a time; yield each one's number and outcome as it ends.

    timeout: seconds for each. Every run has a session of its own, which is killed as a whole when
    its answer is complete, its time is over or the caller loses interest; where the system allows
    it, with all processes that have left that session.
    """
    environment = clean_environment(build_environment)
    found = find_confinement() if commands else Confinement(None)
    waiting = [(number, command, found) for number, command in enumerate(commands)][::-1]
    poll = select.poll()
    running: list[_Run] = []
    owner: dict[int, _Run] = {}  # of each descriptor that is polled
    try:
        while running or (waiting and not _program_ends.is_set()):
            while waiting and len(running) < AT_A_TIME and not _program_ends.is_set():
                number, command, confinement = waiting.pop()
                if not _is_executable_format(command.argv[0]):
                    # The tools would have a shell run it, as execvp(3) does; the system refuses it.
                    confinement = Confinement(None)
                try:
                    run = _begin(number, command, user, environment, timeout, confinement)
                except OSError as error:
                    yield number, RunResult(error=error)
                    continue
                if run is None:
                    break
                running.append(run)
                for descriptor in run.open:
                    poll.register(descriptor, select.POLLIN)
                    owner[descriptor] = run
            for descriptor, _ in poll.poll(_LOOK_AGAIN * 1000 if running else 0):
                run = owner[descriptor]
                run.read(descriptor)
                if descriptor not in run.open:
                    # At its end it would be ready for ever.
                    del owner[descriptor]
                    poll.unregister(descriptor)
            for run in [run for run in running if run.is_over()]:
                running.remove(run)
                for descriptor in run.streams:
                    if owner.pop(descriptor, None) is not None:
                        poll.unregister(descriptor)
                result = run.finish()
                if run.confinement.is_whole and _was_not_started(result):
                    # What the system says about the program itself is asked without confinement.
                    waiting.append((run.number, run.command, Confinement(None)))
                else:
                    yield run.number, result
    finally:
        for run in running:
            run.finish()


def _begin(
    number: int,
    command: Command,
    user: User | None,
    environment: Mapping[str, str],
    timeout: float,
    confinement: Confinement,
) -> _Run | None:
    """Return a new run, unless the program ends. Raises OSError."""
    with _starting:
        if _program_ends.is_set():
            return None
        run = _Run(number, command, user, environment, timeout, confinement)
        _running.append(run)
        return run


def run_one(command: Command, environment: Mapping[str, str], timeout: float) -> RunResult:
    """Run one command, bounded and ended as those of ``run_all`` are.

    environment: all its variables. timeout: seconds. A run that the end of the program forbids has
    neither status nor output.
    """
    try:
        run = _begin(0, command, None, environment, timeout, Confinement(None))
    except OSError as error:
        return RunResult(error=error)
    if run is None:
        return RunResult()
    poll = select.poll()
    for descriptor in run.open:
        poll.register(descriptor, select.POLLIN)
    try:
        while not run.is_over():
            for descriptor, _ in poll.poll(_LOOK_AGAIN * 1000):
                run.read(descriptor)
                if descriptor not in run.open:
                    poll.unregister(descriptor)
    finally:
        outcome = run.finish()
    return outcome


def remember(running: Endable) -> None:
    """Have it ended when the program ends; if that is so already, now."""
    with _starting:
        _running.append(running)
        if _program_ends.is_set():
            running.end()


def forget(running: Endable) -> None:
    with contextlib.suppress(ValueError):
        _running.remove(running)


def _is_executable_format(program: str) -> bool:
    """Return whether a file begins as a script (execve(2)), or as a program of this machine."""
    header = _header(program)
    return header.startswith(b"#!") or _machine(header) == _machine(_header("/proc/self/exe"))


def _machine(header: bytes) -> bytes | None:
    """Return the class and the machine of an ELF program (elf(5)); None for what is none."""
    return header[4:6] + header[18:20] if header.startswith(b"\x7fELF") else None


def _header(program: str) -> bytes:
    try:
        descriptor = open_regular(program, follow=True)
    except OSError:
        return b""
    try:
        return os.read(descriptor, 20)
    finally:
        os.close(descriptor)


def _was_not_started(result: RunResult) -> bool:
    """Return whether a confined run ended before its program was executed."""
    return not result.output and result.complaints.startswith(_TOOLS)


def end_runs() -> None:
    """End what runs, in whatever thread, and begin nothing more: the program ends.

    A thread ends with its program; what it has started would outlive both.
    """
    with _starting:
        _program_ends.set()
    for run in list(_running):
        run.end()


@dataclass(slots=True, eq=False)
class _Run:
    """One child while it runs."""

    number: int
    command: Command
    user: User | None
    environment: Mapping[str, str]
    timeout: float
    confinement: Confinement
    process: subprocess.Popen[bytes] = field(init=False)
    streams: dict[int, bytearray] = field(init=False)
    open: set[int] = field(init=False)
    began: float = field(init=False)
    has_answered: bool = field(init=False, default=False)
    timed_out: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        argv, user = self.command.argv, self.user
        if self.confinement.is_whole:
            argv, user = tuple(self.confinement.end_together(argv, user)), None
        self.began = time.monotonic()
        with _file_of(self.command.given) as given:
            self.process = self._start(argv, given, user)
        self.streams = {stream.fileno(): bytearray() for stream in self._pipes()}
        self.open = set(self.streams)
        for descriptor in self.streams:
            os.set_blocking(descriptor, False)

    def _start(self, argv: Sequence[str], given: int, user: User | None) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            argv,
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd="/",
            env=self.environment,
            start_new_session=True,
            umask=0o022,
            user=None if user is None else user.uid,
            group=None if user is None else user.gid,
            extra_groups=None if user is None else user.groups,
        )

    def read(self, descriptor: int) -> bool:
        """Take some of what is there; False where there is nothing, now or ever."""
        if descriptor not in self.open:
            return False
        try:
            data = os.read(descriptor, 65536)
        except BlockingIOError:
            return False
        stream = self.streams[descriptor]
        unsearched = max(0, len(stream) - len(self.command.last_words))
        stream += data
        if stream.find(self.command.last_words, unsearched) >= 0:
            self.has_answered = True
        if not data:
            self.open.discard(descriptor)
        return bool(data)

    def is_over(self) -> bool:
        if self.has_answered or max(map(len, self.streams.values())) > self.command.most:
            return True
        if time.monotonic() - self.began > self.timeout:
            self.timed_out = True
            return True
        if not self.open:
            # It has closed its streams: what it does now, it does in silence.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(_LOOK_AGAIN)
        if self.process.poll() is None:
            return False
        for descriptor, data in self.streams.items():
            while self.read(descriptor) and len(data) <= self.command.most:
                pass
        return True

    def end(self) -> None:
        """Kill whatever is left of it; from any thread."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def finish(self) -> RunResult:
        """End whatever is left of it, and say how it went."""
        status = self.process.poll()
        self.end()
        self.process.wait()
        forget(self)
        for pipe in self._pipes():
            pipe.close()
        said, complained = (bytes(data) for data in self.streams.values())
        if status is not None and self.confinement.is_whole:
            status = status_of(status)
        return RunResult(said, complained, status, None, self.timed_out)

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        return self.process.stdout, self.process.stderr


@contextlib.contextmanager
def _file_of(data: bytes) -> Generator[int]:
    """Yield a descriptor to read the data from: a file, so that nobody waits for a slow reader."""
    if not data:
        yield subprocess.DEVNULL
        return
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        yield file.fileno()
