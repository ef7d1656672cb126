"""Run a remedy that is safe to run: pip and virtualenv put into an installation."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import suppress

from ..errors import StewardError
from ..processes import clean_environment
from .location import locate
from .trust import replaceable

_FOR_PIP = {
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_PROGRESS_BAR": "off",  # old ones draw it also where there is not a terminal
    # Where it may not write, it must fail: what it puts into a user's own site-packages instead is
    # of no use to an installation.
    "PIP_USER": "0",
}


class RemedyRun:
    """A remedy while it runs: iterate for its lines of output, then look at ``status``.

    Closing it, or leaving the loop and closing it, ends the whole process group.
    status: the exit status; None while it runs.
    """

    def __init__(self, command: tuple[str, ...], environment: Mapping[str, str]) -> None:
        import subprocess
        import tempfile

        self.status: int | None = None
        self._home = tempfile.TemporaryDirectory(prefix="pysteward-remedy-")
        variables = clean_environment({"HOME": self._home.name, **environment})
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={**_FOR_PIP, **variables},
            start_new_session=True,
            # What root installs, the user who runs the builds must be able to read.
            umask=0o022,
        )

    def __iter__(self) -> Iterator[str]:
        """The lines of output as they come, without their ends."""
        assert self._process.stdout is not None
        try:
            # Closed by its reader: ``close`` may come from another thread.
            with self._process.stdout as output:
                for line in output:
                    yield line.decode("utf-8", "replace").rstrip("\r\n")
            self.status = self._process.wait()
        finally:
            self.close()

    def close(self) -> None:
        """End it, if it still runs."""
        if self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self.status = self._process.wait()
        self._home.cleanup()


def run_remedy(command: tuple[str, ...], environment: Mapping[str, str] | None = None) -> RemedyRun:
    """Start to run a remedy, as the user who runs pysteward.

    environment: variables that it gets besides the fixed ones (``build-environment``).

    Raises StewardError (code ``replaceable``) where root would run what others could replace, and
    (code ``fix``) where it cannot be started.
    """
    problem = replaceable(locate(command[0])) if os.geteuid() == 0 else None
    if problem is not None:
        raise StewardError(f"{problem.message} Run the remedy as its owner.", code=problem.code)
    try:
        return RemedyRun(command, environment or {})
    except OSError as error:
        raise StewardError(
            f"{command[0]} could not be started: {error.strerror}", code="fix"
        ) from None
