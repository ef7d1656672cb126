"""What every worker is, whatever it builds: a process of its own, and a record that gets an end.

A worker runs its module's `main` with the record's folder and the lock's descriptor, in a process
that `starting` has made, as ``python -m MODULE RECORD LOCK`` would:

    record, lock, given = enter(arguments)
    bench = Workbench(record, state_dir, run_as)
    bench.work(make)                          make() -> Ending, using bench.writer and bench.steps
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from ..errors import StateError
from ..processes import adopt_orphans, call_itself, end_descendants
from ..users import find_user
from .ending import BuildResult
from .events import Waiting
from .record import (
    Record,
    Writer,
    lay_ballast,
    remove_work,
)
from .runner import (
    BuildRunner,
    BuildStopped,
    Cancelled,
    Stopped,
)
from .slots import take_slot

PAUSE = 0.02  # seconds between two looks whether a lock or a place is free


def enter(arguments: list[str]) -> tuple[Record, int, bytes]:
    """Become a worker: the record, the descriptor that holds its lock, and the job as it was given.

    From here on this process has nothing of a terminal, and adopts whatever its children leave.
    """
    record, lock = Record(Path(arguments[0])), int(arguments[1])
    # It is held as long as this process lives; a child that held it would make it seem to live.
    os.set_inheritable(lock, False)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    with open(0, "rb", closefd=False) as stream:
        given = stream.read()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    call_itself("pysteward-build")
    adopt_orphans()
    return record, lock, given


class WorkerProcess:
    """One build's record while it is worked on.

    build: what the record says; whoever learns more replaces it before the end.
    """

    def __init__(self, record: Record, state_dir: Path, run_as: str | None) -> None:
        self.record = record
        self.state_dir = state_dir
        self.build = record.read()
        self.writer = Writer(record)
        user = find_user(run_as)
        self.steps = BuildRunner(record, self.writer, user, meanwhile=_prepare_end)
        signal.signal(signal.SIGTERM, self.steps.stop)

    def work(self, make: Callable[[], BuildResult]) -> None:
        """Have it made, and give its record an end, whatever happens.

        make: may raise what `BuildSteps` raises, and OSError.
        """
        try:
            lay_ballast(self.record)
            ending = make()
        except BuildStopped as end:
            ending = _ending_of(end)
        except OSError as error:
            ending = BuildResult("failed", (f"pysteward: the build cannot go on: {error}",))
        finally:
            end_descendants()
        from .pip_log import keep_pip_log
        from .record_writer import finish

        if ending.outcome != "succeeded":
            # Also because it may be what has filled the disk; what is not pip's log goes first.
            keep_pip_log(self.record, self.steps.secrets)
            self._remove_work()
        finish(self.record, self.writer, self.build, ending, self.state_dir)
        keep_pip_log(self.record, self.steps.secrets)
        with contextlib.suppress(OSError):  # the outcome is written down already
            self._remove_work()
        self.writer.close()
        self._clear_up()

    def _remove_work(self) -> None:
        """Remove the build's temporary files; the log says what could not be removed."""
        left = remove_work(self.record)
        if left is not None:
            self.writer.log(f"pysteward: {left}\n")

    def _clear_up(self) -> None:
        """Nobody waits any more: time for what others left, who were killed before their build."""
        from .cleanup import clean_up

        with contextlib.suppress(StateError):
            clean_up(self.state_dir)

    def take_place(self, places: int) -> int:
        """A place to build at, waited for where all are taken; free once it is closed."""
        waits = False
        while (place := take_slot(self.state_dir, places)) is None:
            if not waits:
                waits = True
                self.writer.phase(
                    "wait", "for a free place: as many builds run as parallel-builds allows"
                )
                self.writer.event(Waiting(time.time(), self.writer.offset, "place", None))
            self.steps.look()
            time.sleep(PAUSE)
        return place


def _prepare_end() -> None:
    """Import what the end of a build needs while its programs run: then nobody waits for it."""
    from importlib import import_module

    import_module(".record_writer", __package__)


def _ending_of(end: BuildStopped) -> BuildResult:
    if isinstance(end, Cancelled):
        return BuildResult("cancelled", (end.message,))
    return BuildResult("interrupted" if isinstance(end, Stopped) else "failed", (end.message,))
