"""What the making of an environment may do while a build runs: the worker's side of `Steps`."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..file_io import read_regular
from ..processes import ChildProcess, View, run
from ..safe_text import decode
from ..secrets import KnownSecrets
from ..users import User
from .record_writer import RecordWriter

LONGEST_LINE = 64 * 1024
"""Bytes of a line that are kept; the rest is counted and said."""

MOST = 1024 * 1024 * 1024
"""Bytes of output that a build's log accepts; what is written beyond is dropped."""


class BuildStopped(Exception):
    """The build ends here: cancelled, or at its time limit.

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


class RetryClock:
    """How long an installer has waited for what did not answer.

    count: attempts that it repeated. seconds: what they took; each ends with the line that tells of
    it, and the last one of a request with the line after that.
    """

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0
        self._last = time.monotonic()
        self._is_last_attempt = False

    def line(self, text: str) -> None:
        """Take the next line of an installer's output."""
        at = time.monotonic()
        is_retry = "Retrying (Retry(" in text
        if is_retry or self._is_last_attempt:
            self.seconds += at - self._last
        self.count += is_retry
        self._is_last_attempt = is_retry and "(Retry(total=0" in text
        self._last = at


class BuildRunner:
    """One build's steps: writes the record, runs children, ends them when the build has to end.

    view: what the children see of the state directory, where they can be confined; None: all.
    secrets: what is masked in all that is logged.
    retries: what the children have waited for in vain.
    """

    def __init__(self, writer: RecordWriter, user: User | None) -> None:
        self._record = writer.record
        self._writer = writer
        self._user = user
        self._deadline: float | None = None
        self._limit = 0.0
        self._stopped = False
        self.view: View | None = None
        self.secrets = KnownSecrets()
        self.retries = RetryClock()

    @property
    def is_another_user(self) -> bool:
        """Whether the children run as another user than the worker."""
        return self._user is not None

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

    def phase(
        self, name: str, detail: str = "", *, done: int | None = None, total: int | None = None
    ) -> None:
        self._writer.phase(name, self.secrets.mask(detail), done=done, total=total)

    def log(self, line: str) -> None:
        self._writer.log(self.secrets.mask(line.rstrip("\n")) + "\n")

    def package(self, name: str, version: str | None, action: str, size: int | None = None) -> None:
        self._writer.package(name, version, action, size)

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
        on_output: Callable[[int], None] | None = None,
    ) -> int:
        """As `Runner.run` says. on_output: gets the number of bytes of each piece of output."""
        self.look()

        def chosen(text: str) -> bool:
            self.retries.line(text)
            return on_line is None or on_line(text)

        feed = LineFeed(
            self._writer.log,
            chosen,
            quiet=quiet,
            room=MOST - self._writer.offset,
            secrets=self.secrets,
        )

        def take(data: bytes | None) -> None:
            feed.take(data)
            if on_output is not None and data is not None:
                on_output(len(data))

        return run(
            ChildProcess(
                argv=argv,
                env=env,
                build=self._record.id,
                cwd=cwd,
                input=input,
                user=self._user,
                view=self.view,
                take=take,
                look=self.look,
                tick=tick,
            )
        )

    def give(self, directory: Path) -> None:
        """Give a directory of this build, and all that is in it, to the user who runs the
        children.
        """
        if self._user is None:
            return
        for parent, _, names in os.walk(directory):
            for path in (parent, *(os.path.join(parent, name) for name in names)):
                os.chown(path, self._user.uid, self._user.gid, follow_symlinks=False)

    def _who(self) -> str:
        try:
            text = read_regular(self._record.cancellation, 4096).decode("utf-8", "replace")
            return text.partition("\n")[0][:200].strip() or "somebody"
        except OSError:
            return "somebody"


class LineFeed:
    """Takes bytes as they come and writes lines.

    write: takes text of whole lines. chosen: gets each line unmasked and says whether it belongs in
    the log; None: all do. quiet: none do, but `chosen` still gets them.
    room: characters that it may write. secrets: what is masked.
    """

    def __init__(
        self,
        write: Callable[[str], object],
        chosen: Callable[[str], bool] | None,
        *,
        quiet: bool,
        room: int,
        secrets: KnownSecrets,
    ) -> None:
        self._write = write
        self._chosen = chosen
        self._quiet = quiet
        self._room = room
        self._secrets = secrets
        self._begun = bytearray()
        self._left_out = 0

    def take(self, data: bytes | None) -> None:
        """The next bytes; None: there are no more."""
        if data is None:
            if self._begun:
                self._lines([self._finish(b"")])
            return
        *lines, rest = data.split(b"\n")
        if lines:
            self._lines([self._finish(lines[0]), *map(self._cut, lines[1:])])
        self._begin(rest)

    def _begin(self, data: bytes) -> None:
        room = LONGEST_LINE - len(self._begun)
        self._begun += data[:room]
        self._left_out += max(0, len(data) - room)

    def _finish(self, data: bytes) -> bytes:
        """Return the line that was started, with its end."""
        if not self._begun:
            return self._cut(data)
        self._begin(data)
        line = self._cut(bytes(self._begun), self._left_out)
        self._begun.clear()
        self._left_out = 0
        return line

    def _cut(self, line: bytes, left_out: int = 0) -> bytes:
        """Return a line of bearable length; left_out: bytes that were left out already."""
        left_out += max(0, len(line) - LONGEST_LINE)
        if not left_out:
            return line
        # A secret may have been cut, too: then what is left of it is none that is looked for.
        kept = self._secrets.mask_cut(decode(line[:LONGEST_LINE]))
        return kept.encode("utf-8", "backslashreplace") + b"... (+%d bytes)" % left_out

    def _lines(self, lines: list[bytes]) -> None:
        texts = [decode(_shown(line)) for line in lines]
        if self._chosen is not None:
            texts = [text for text in texts if self._chosen(text)]
        if self._quiet or not texts or self._room <= 0:
            return
        # Masked all at once, which is several times as fast as line by line; no secret spans lines.
        text = self._secrets.mask("\n".join(texts)) + "\n"
        self._room -= len(text)
        self._write(text)
        if self._room <= 0:
            self._write(f"pysteward: the log ends here: over {MOST >> 20} MiB of output\n")


def _shown(line: bytes) -> bytes:
    """A line as a terminal would leave it: a progress bar is overwritten after each return."""
    return line.rstrip(b"\r").rpartition(b"\r")[2] if b"\r" in line else line
