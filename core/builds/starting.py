"""Starts a worker that outlives whoever starts it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

from .record import Record


@contextmanager
def start(record: Record, lock: int) -> Generator[Callable[[bytes], None]]:
    """Start the record's worker; gives the function that hands it its job.

    lock: the descriptor that holds the record's lock, which the worker inherits. A worker that is
    given nothing does nothing. Raises OSError where it cannot be started.
    """
    with open(os.open(record.log, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC), "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.worker", str(record.folder), str(lock)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=log,  # should it fail in a way that nobody foresaw, the log says how
            cwd="/",
            start_new_session=True,
            pass_fds=(lock,),
        )
    assert process.stdin is not None
    job = process.stdin

    def give(data: bytes) -> None:
        with contextlib.suppress(BrokenPipeError):  # killed already; its record will tell
            job.write(data)
            job.flush()

    try:
        yield give
    finally:
        with contextlib.suppress(BrokenPipeError):
            job.close()
        _let_go(process)


def _let_go(process: subprocess.Popen[bytes]) -> None:
    """Leave it to itself: this process does not wait for it, but must not leave a zombie."""
    from threading import Thread

    Thread(target=process.wait, daemon=True).start()
