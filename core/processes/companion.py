"""A program that runs beside others until it is ended, and ends with the program at the latest."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence

from .batch import forget, remember

_MOST_COMPLAINTS = 64 * 1024  # bytes


class Companion:
    """Starts at once. Raises OSError where it cannot. environment: all its variables.

    It has a session of its own, which is killed as a whole.
    """

    def __init__(self, argv: Sequence[str], environment: Mapping[str, str]) -> None:
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `end`
        try:
            self._process = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
                cwd="/",
                env=environment,
                start_new_session=True,
            )
        except OSError:
            self._complaints.close()
            raise
        remember(self)

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    @property
    def complaints(self) -> bytes:
        """The first part of what it wrote to its standard error."""
        return os.pread(self._complaints.fileno(), _MOST_COMPLAINTS, 0)

    def wait(self, seconds: float) -> bool:
        """Wait for its end; return whether it has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return not self.is_alive

    def end(self) -> None:
        """Kill whatever is left of it; from any thread, more than once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End it and give back what it holds."""
        self.end()
        self._process.wait()
        forget(self)
        self._complaints.close()
