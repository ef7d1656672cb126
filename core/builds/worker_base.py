"""The worker process of every build; it always writes an outcome into the record.

The launcher calls the `main` of a worker's module with the record's directory and the lock's
descriptor, as ``python -m MODULE RECORD LOCK`` would:

    record, lock, given = enter(arguments)
    worker = WorkerProcess(record, run_as)
    worker.work(build)                  build() -> BuildResult, using worker.writer and .runner
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ..errors import StateError
from ..processes import adopt_orphans, call_itself, end_descendants
from ..state import lock_now, make_directory
from ..users import find_user
from .cleanup import clean_up
from .events import Waiting
from .on_finish import run_on_finish
from .pip_log import keep_pip_log
from .record import Record, remove_work
from .record_writer import BuildResult, RecordWriter
from .runner import (
    BuildRunner,
    BuildStopped,
    Cancelled,
    Stopped,
)

PAUSE = 0.02  # seconds between two attempts to get a lock or a build slot


def enter(arguments: list[str]) -> tuple[Record, int, bytes]:
    """Become a worker; return the record, the descriptor that holds its lock, and the encoded job.

    From here on this process ignores terminal signals and adopts orphans of its children.
    """
    record, lock = Record(Path(arguments[0])), int(arguments[1])
    # A child that inherited the lock would make a dead worker seem alive.
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
    """The record of one build while a worker writes it.

    writer: the record and the build. runner: what building may do.
    """

    def __init__(self, record: Record, run_as: str | None) -> None:
        self.writer = RecordWriter(record, record.read())
        self.runner = BuildRunner(self.writer, find_user(run_as))
        signal.signal(signal.SIGTERM, self.runner.stop)

    def work(self, build: Callable[[], BuildResult], on_finish: Sequence[str] = ()) -> None:
        """Run the build, and write its end into the record whatever happens.

        build: may raise what `BuildRunner` raises, and OSError. on_finish: see `run_on_finish`.
        """
        try:
            self.writer.reserve_space()
            result = build()
        except BuildStopped as end:
            result = _result_of(end)
        except OSError as error:
            result = BuildResult("failed", (f"pysteward: the build cannot continue: {error}",))
        finally:
            end_descendants()
        record, secrets = self.writer.record, self.runner.secrets
        if result.outcome != "succeeded":
            # Before the record, because these files may be what has filled the disk.
            keep_pip_log(record, secrets)
            self._remove_work()
        self.writer.finish(result)
        keep_pip_log(record, secrets)
        with contextlib.suppress(OSError):  # the outcome is written already
            self._remove_work()
        self.writer.close()
        run_on_finish(on_finish, "build", record.id, result.outcome, output=record.directory)
        # No client waits now: remove what killed clients left.
        with contextlib.suppress(StateError):
            clean_up(record.state_dir)

    def _remove_work(self) -> None:
        """Remove the build's temporary files; the log names what could not be removed."""
        left = remove_work(self.writer.record)
        if left is not None:
            self.writer.log(f"pysteward: {left}\n")

    def take_slot(self, slots: int) -> int:
        """Return a descriptor that holds a build slot until it is closed; wait for a free slot.

        slots: how many builds may run at once.
        """
        waits = False
        while (slot := _take_slot(self.writer.record.state_dir, slots)) is None:
            if not waits:
                waits = True
                self.writer.phase(
                    "wait", "for a free place: as many builds run as parallel-builds allows"
                )
                self.writer.event(Waiting(time.time(), self.writer.offset, "place", None))
            self.runner.look()
            time.sleep(PAUSE)
        return slot


def _take_slot(state_dir: Path, slots: int) -> int | None:
    """Return a descriptor that holds a build slot until it is closed; None where all are taken."""
    directory = make_directory(state_dir / "builds" / ".places")
    for number in range(max(1, slots)):
        slot = lock_now(directory / str(number))
        if slot is not None:
            return slot
    return None


def _result_of(end: BuildStopped) -> BuildResult:
    if isinstance(end, Cancelled):
        return BuildResult("cancelled", (end.message,))
    return BuildResult("interrupted" if isinstance(end, Stopped) else "failed", (end.message,))
