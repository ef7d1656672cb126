"""What the making of an environment may do while a build runs: the worker's side of `Steps`."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..file_io import read_regular
from ..processes import ChildProcess, View, run
from ..secrets import KnownSecrets
from ..users import User
from .events import PackageEvent
from .feed import MOST, LineFeed
from .record import Record, Writer


class BuildStopped(Exception):
    """The build ends here, at somebody's wish or at its limit.

    message: the log's last line.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Cancelled(BuildStopped):
    """Somebody has asked for it."""


class TimedOut(BuildStopped):
    """It has taken longer than ``build-timeout`` allows."""


class Stopped(BuildStopped):
    """The system ends the worker, as at a shutdown."""


class BuildRunner:
    """One build's steps: writes the record, runs children, ends them when the build has to end.

    meanwhile: called once, as soon as the first child runs.
    view: what the children see of the state directory, where they can be confined; None: all.
    secrets: what is masked in all that is logged.
    """

    def __init__(
        self,
        record: Record,
        writer: Writer,
        user: User | None,
        *,
        meanwhile: Callable[[], None] | None = None,
    ) -> None:
        self._record = record
        self._writer = writer
        self._user = user
        self._deadline: float | None = None
        self._limit = 0.0
        self._stopped = False
        self._meanwhile = meanwhile
        self.view: View | None = None
        self.secrets = KnownSecrets()

    def begin(self, limit: float) -> None:
        """From now on the build has so many seconds."""
        self._limit = limit
        self._deadline = time.monotonic() + limit

    def stop(self, *_: object) -> None:
        """Have the next look end the build; made to be a signal's handler."""
        self._stopped = True

    def look(self) -> None:
        """Raise Ended if the build has to end."""
        if self._stopped:
            raise Stopped("pysteward: build interrupted: the system has ended its worker")
        if self._deadline is not None and time.monotonic() > self._deadline:
            raise TimedOut(f"pysteward: time limit of {self._limit:.0f} seconds reached")
        if self._record.cancellation.exists():
            raise Cancelled(f"pysteward: build cancelled by {self._who()}")

    def phase(self, name: str, detail: str = "") -> None:
        self._writer.phase(name, self.secrets.mask(detail))

    def log(self, line: str) -> None:
        self._writer.log(self.secrets.mask(line.rstrip("\n")) + "\n")

    def package(self, name: str, version: str | None, action: str) -> None:
        self._writer.event(PackageEvent(time.time(), self._writer.offset, name, version, action))

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
        self.look()
        meanwhile, self._meanwhile = self._meanwhile, None
        feed = LineFeed(
            self._writer.log,
            on_line,
            quiet=quiet,
            room=MOST - self._writer.offset,
            secrets=self.secrets,
        )
        return run(
            ChildProcess(
                argv=argv,
                env=env,
                build=self._record.id,
                cwd=cwd,
                input=input,
                user=self._user,
                view=self.view,
                take=feed.take,
                look=self.look,
                tick=tick,
                meanwhile=meanwhile,
            )
        )

    def give(self, folder: Path) -> None:
        """Give a folder of this build, and all that is in it, to the user who runs the children."""
        if self._user is None:
            return
        for parent, _, names in os.walk(folder):
            for path in (parent, *(os.path.join(parent, name) for name in names)):
                os.chown(path, self._user.uid, self._user.gid, follow_symlinks=False)

    def _who(self) -> str:
        try:
            text = read_regular(self._record.cancellation, 4096).decode("utf-8", "replace")
            return text.partition("\n")[0][:200].strip() or "somebody"
        except OSError:
            return "somebody"
