"""Wait for a build with a spinner in one line of the terminal; without one, with a message."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable

from ...core.builds import Build, Progress, Record, advance, current_build, follow
from .. import messages
from ..terminal.capabilities import look

_FRAME = 0.1  # seconds
_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_PLAIN_FRAMES = "|/-\\"


def wait_with_spinner(build: Build, what: str) -> Build:
    """Show what is waited for until the build has ended; return it then. Ctrl-C leaves it running.

    what: such as ``rebuilding the environment``.
    """
    record = Record(build.directory)
    if not messages.can_erase():
        messages.note(f"{what} (build {build.id})")
        for _ in follow(record, log=False):
            pass
        return current_build(record.state_dir, record)
    spinner = _Spinner(what)
    try:
        for event in follow(record, log=False, idle=spinner.turn):
            spinner.progress = advance(spinner.progress, event)
    finally:
        messages.live("")
    return current_build(record.state_dir, record)


class _Spinner:
    """One line that turns. progress: of the build."""

    def __init__(self, what: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.progress = Progress()
        self._what = what
        self._clock = clock
        self._frames = itertools.cycle(_FRAMES if look(os.environ).unicode else _PLAIN_FRAMES)
        self._next = 0.0

    def turn(self) -> None:
        now = self._clock()
        if now < self._next:
            return
        self._next = now + _FRAME
        progress = self.progress
        doing = " ".join(filter(None, [progress.phase, progress.detail, progress.package]))
        text = f"{next(self._frames)} {self._what}{f': {doing}' if doing else ''}"
        messages.live(text[: messages.columns() - 1])
