"""Starts a worker that outlives whoever starts it."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..state_dir import open_file
from .record import Record

if TYPE_CHECKING:
    import subprocess


class Starting:
    """A record's worker from its start until it has its job.

    lock: the descriptor that holds the record's lock, which the worker inherits. module: what it
    runs; see `working`. A worker that is given nothing, because this ends before, does nothing.
    """

    def __init__(self, record: Record, lock: int, module: str = f"{__package__}.worker") -> None:
        self._record = record
        self._lock = lock
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Starting:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is None:
            return
        from threading import Thread

        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        # Nobody waits for it, but as long as this process lives it must not become a zombie.
        Thread(target=self._process.wait, daemon=True).start()

    def start(self) -> None:
        """Start it, unless it is started. Raises OSError."""
        if self._process is not None:
            return
        import subprocess

        record, lock = str(self._record.folder), str(self._lock)
        log = open_file(self._record.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._module, record, lock],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,  # should it fail in a way that nobody foresaw, the log says how
                cwd="/",
                start_new_session=True,
                pass_fds=(self._lock,),
            )
        finally:
            os.close(log)

    def give(self, job: bytes) -> None:
        """Hand it its job; from now on it is on its own."""
        assert self._process is not None
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # killed already; its record will tell
            self._process.stdin.write(job)
            self._process.stdin.close()


@contextmanager
def start(
    record: Record, lock: int, module: str = f"{__package__}.worker"
) -> Generator[Callable[[bytes], None]]:
    """Start a record's worker at once; gives the function that hands it its job."""
    with Starting(record, lock, module) as starting:
        starting.start()
        yield starting.give
