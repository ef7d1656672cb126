"""What an environment build needs from its runner: phases, a log, child processes.

The build's worker implements it; making knows nothing of processes, users or files of a build.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol


class Runner(Protocol):
    """One build, as seen from the inside.

    Every method may raise whatever ends the build: a cancellation, the time limit, a full disk.
    Making lets that pass; what it left behind is incomplete and never taken for an environment.
    """

    def phase(
        self, name: str, detail: str = "", *, done: int | None = None, total: int | None = None
    ) -> None:
        """Say what begins now: ``create``, ``resolve``, ``download``, ``build``, ``install`` or
        ``inventory`` (``match`` and ``done`` belong to the worker).

        Said again with another detail, it tells of progress in the same phase. done, total: how
        far it is, where that is known: bytes of one file in ``download``, otherwise packages.
        """
        ...

    def log(self, line: str) -> None:
        """Write one line into the build's log, secrets masked."""
        ...

    def package(self, name: str, version: str | None, action: str, size: int | None = None) -> None:
        """Tell of one package: ``found``, ``downloading``, ``cached``, ``building``, ``built`` or
        ``installed``; the version is None while it is not known, size is the bytes of its file."""
        ...

    def look(self) -> None:
        """Raise what ends the build, if it has to end; called while something is waited for."""
        ...

    def run(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path | None = None,
        input: bytes | None = None,  # noqa: A002 - the name that subprocess has for it
        on_line: Callable[[str], bool] | None = None,
        tick: Callable[[], None] | None = None,
        quiet: bool = False,
    ) -> int:
        """Run a child as the build's user, in the build's process tree, with umask 022.

        env: all of the child's environment. cwd: None means ``/``. input: what it reads from
        standard input; None: nothing (``/dev/null``).
        on_line: gets each line of its output and errors, unmasked, without its end, and says
            whether it belongs in the log; None: all do. The argv itself is never logged.
        tick: called some ten times a second while the child runs.
        quiet: nothing of its output is logged, on_line still gets it.

        Returns the exit status, negative for a signal, as ``subprocess`` has it; raises OSError
        where the program cannot be started.
        """
        ...
