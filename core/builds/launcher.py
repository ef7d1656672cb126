"""Start a build worker that keeps running after its parent exits."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn, Protocol

from ..state import open_file
from .record import Record

if TYPE_CHECKING:
    from ..installations import Installation

_OF_TERMINAL = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)


class Launcher(Protocol):
    """The way of one build to its worker, from before its job is known."""

    def __enter__(self) -> Launcher: ...
    def __exit__(self, *_: object) -> None: ...
    def start(self) -> None: ...
    def give(self, job: bytes) -> None: ...


class BuildPlaces(Protocol):
    """Where builds are made, if not on this machine: with the Pythons that are there."""

    def installations(self) -> Sequence[Installation]: ...
    def launcher(self, record: Record, lock: int) -> Launcher: ...


class LocalLauncher:
    """A record's worker from its start until it has its job.

    lock: the descriptor that holds the record's lock, which the worker inherits. module: what it
    runs; see `working`. A worker that is given nothing, because this ends before, does nothing.

    A program without threads forks: its worker has at once what is imported already, where a new
    interpreter would take 100 ms to get that far. With threads it may not (fork(2): the child has
    only the one that forked, and the locks of all).
    """

    def __init__(self, record: Record, lock: int, module: str = f"{__package__}.worker") -> None:
        self._record = record
        self._lock = lock
        self._module = module
        self._pipe: int | None = None
        self._wait: Callable[[], object] | None = None

    def __enter__(self) -> LocalLauncher:
        return self

    def __exit__(self, *_: object) -> None:
        if self._wait is None:
            return
        from threading import Thread

        self._close()
        # No caller waits for it, but while this process lives it must not become a zombie.
        Thread(target=self._wait, daemon=True).start()

    def start(self) -> None:
        """Start it, unless it is started. Raises OSError."""
        if self._wait is not None:
            return
        reading, self._pipe = os.pipe()
        # An unexpected failure goes into the log.
        log = open_file(self._record.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            is_alone = len(os.listdir("/proc/self/task")) == 1  # proc(5): its threads
            begin = self._fork if is_alone else self._spawn
            self._wait = begin(reading, log)
        finally:
            os.close(reading)
            os.close(log)

    def give(self, job: bytes) -> None:
        """Hand it its job; from now on it is on its own."""
        assert self._pipe is not None
        with contextlib.suppress(BrokenPipeError):  # killed already; its record will tell
            while job:
                job = job[os.write(self._pipe, job) :]
        self._close()

    def _close(self) -> None:
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None

    def _spawn(self, reading: int, log: int) -> Callable[[], object]:
        import subprocess

        return subprocess.Popen(
            [sys.executable, "-m", self._module, *self._arguments],
            stdin=reading,
            stdout=subprocess.DEVNULL,
            stderr=log,
            cwd="/",
            start_new_session=True,
            pass_fds=(self._lock,),
        ).wait

    def _fork(self, reading: int, log: int) -> Callable[[], object]:
        # Until it has a session of its own, what the terminal sends is for the parent alone.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _OF_TERMINAL)
        try:
            worker = os.fork()
            if not worker:
                self._become_worker(reading, log, before)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return lambda: os.waitpid(worker, 0)

    def _become_worker(self, reading: int, log: int, mask: Iterable[int]) -> NoReturn:
        """What the spawned one gets from its start."""
        status = 1
        try:
            os.setsid()
            for number in _OF_TERMINAL:
                signal.signal(number, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            os.chdir("/")
            null = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
            for number, end in enumerate((reading, null, log)):
                os.dup2(end, number)
            _close_all(but=self._lock)
            status = import_module(self._module).main(self._arguments)
        except BaseException:
            import traceback

            os.write(2, traceback.format_exc().encode("utf-8", "backslashreplace"))
        finally:
            os._exit(status)

    @property
    def _arguments(self) -> list[str]:
        return [str(self._record.directory), str(self._lock)]


def _close_all(but: int) -> None:
    """Close what is the parent's: its locks, which the worker would hold as long as it lives, and
    pipes whose readers wait for their end. Nothing of the parent's runs here that would use it."""
    for number in map(int, os.listdir("/proc/self/fd")):
        if number > 2 and number != but:
            with contextlib.suppress(OSError):  # the one that has listed them
                os.close(number)


@contextmanager
def start(
    record: Record, lock: int, module: str = f"{__package__}.worker"
) -> Generator[Callable[[bytes], None]]:
    """Start a record's worker at once; gives the function that hands it its job."""
    with LocalLauncher(record, lock, module) as starting:
        starting.start()
        yield starting.give
