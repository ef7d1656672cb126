"""The program in a real pseudo-terminal: what it writes, byte by byte, and what that shows."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pexpect
import pyte

from tests.support.waiting import wait_for

PYSTEWARD = (sys.executable, "-m", "pysteward.tui")
_NO_TERMINAL_OF_OURS = (
    *("NO_COLOR", "TMUX", "COLORTERM", "SSH_TTY", "SSH_CONNECTION", "TEXTUAL"),
    *("COLUMNS", "LINES"),  # pytest-xdist sets them
)


class Terminal:
    """A terminal with the program in it.

    screen: what is shown, as pyte understands it. written: every byte since the last ``forget``.
    """

    def __init__(self, child: pexpect.spawn, size: tuple[int, int]) -> None:
        self.child = child
        self.screen = pyte.Screen(*size)
        self.written = b""
        self._stream = pyte.ByteStream(self.screen)

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def read(self, seconds: float = 0.03) -> bytes:
        """Take in what the program writes, until it has been silent for that long."""
        got = b""
        while True:
            try:
                data = self.child.read_nonblocking(65536, timeout=seconds)
            except (pexpect.TIMEOUT, pexpect.EOF):
                break
            got += data
            self._stream.feed(data)
        self.written += got
        return got

    def wait_for(self, wanted: str | Callable[[], bool], seconds: float = 20) -> None:
        """Read until a text is shown or a condition holds; fails with the screen."""

        def is_there() -> bool:
            self.read()
            found = wanted in self.text if isinstance(wanted, str) else wanted()
            assert found or self.child.isalive(), f"it has ended; {what()}"
            return found

        def what() -> str:
            return f"{wanted!r} on the screen:\n{self.text}"

        wait_for(is_there, what, seconds=seconds)

    def forget(self) -> None:
        self.written = b""

    def press(self, keys: str) -> None:
        self.child.send(keys)

    def answer(self, keys: str) -> None:
        """Press keys, and read until what is shown begins to change, which not every key does."""
        self.press(keys)
        give_up = time.monotonic() + 0.3
        while not self.read() and time.monotonic() < give_up:
            pass

    def drop(self) -> None:
        """Hang up, as a dropped SSH session does."""
        self.child.ptyproc.fileobj.close()
        self.child.closed = self.child.ptyproc.closed = True

    def end(self) -> int:
        """Wait for the program's end. Returns its exit status, or minus a signal's number."""
        self.read()
        self.child.expect(pexpect.EOF, timeout=20)
        before = self.child.before or b""
        self.written += before
        self._stream.feed(before)
        self.child.close()
        if self.child.exitstatus is not None:
            return self.child.exitstatus
        return -(self.child.signalstatus or 0)


def end(child: pexpect.spawn) -> None:
    """End a program and its terminal."""
    try:
        child.close(force=True)
    except pexpect.ExceptionPexpect:
        # It was killed; a busy machine needs longer for that than pexpect waits.
        with suppress(ChildProcessError):
            os.waitpid(child.pid, 0)


@contextmanager
def terminal(
    arguments: Sequence[str],
    *,
    size: tuple[int, int] = (80, 24),
    environ: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    program: Sequence[str] = PYSTEWARD,
) -> Iterator[Terminal]:
    """Start the program in a terminal of that many columns and lines, and end it afterwards."""
    variables = {k: v for k, v in os.environ.items() if k not in _NO_TERMINAL_OF_OURS}
    variables |= {"TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    # Whoever runs the tests has chosen a theme; where even root can keep none, no test does.
    variables |= {"XDG_CONFIG_HOME": os.devnull}
    variables |= environ or {}
    child = pexpect.spawn(
        program[0],
        [*program[1:], *arguments],
        dimensions=(size[1], size[0]),
        env=variables,
        cwd=None if cwd is None else str(cwd),
        timeout=20,
    )
    child.delaybeforesend = None
    try:
        yield Terminal(child, size)
    finally:
        end(child)
