"""Watch a build on the command line: its log while it runs, its outcome at the end.

Shared by the commands that start builds and those that show them.
"""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from ...core.builds import (
    Build,
    Event,
    LogLines,
    Notice,
    Record,
    Waiting,
    build_as_json,
    follow,
)
from ...core.users import user_name
from .. import messages
from ..messages import ExitCode
from ..output import Output


@contextmanager
def ignore_hangup() -> Generator[None]:
    """Ignore a hang-up of the terminal while a build is handed to its worker."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def watch(state_dir: Path, build: Build, out: Output) -> ExitCode:
    """Show a build's log on standard error until its end, then its outcome on standard output.

    Ctrl-C asks whether to cancel the build or to leave it running; without a terminal it cancels.
    """
    attendant = _Attendant(state_dir, build.id)
    with attendant.listening():
        try:
            stream(follow(Record(build.folder), idle=attendant.look), attendant)
        except _Left:
            messages.note(
                f"build {build.id} continues; see pysteward builds log {build.id} --follow"
            )
    if build.is_running:
        from ...core.builds import show

        build = show(state_dir, build.id)
    status = show_outcome(build, out)
    return ExitCode.INTERRUPTED if attendant.was_interrupted else status


def stream(events: Iterable[Event | LogLines], attendant: _Attendant | None = None) -> None:
    """Write what happens in a build to standard error."""
    for event in events:
        if isinstance(event, LogLines):
            messages.note("\n".join(event.lines))
        elif isinstance(event, Notice):
            messages.warn(event.text)
        elif isinstance(event, Waiting):
            messages.note(_waiting(event))
        if attendant is not None:
            attendant.look()


def show_outcome(build: Build, out: Output) -> ExitCode:
    """Write a build as the result of a command; NO unless it succeeded or still runs.

    Where the terminal is gone, the result cannot be written; the status still tells the outcome.
    """
    try:
        if out.as_json:
            out.document(build_as_json(build))
        else:
            for line in summary(build):
                out.line(line)
    except OSError as problem:
        if problem.errno != errno.EIO:
            raise
    return ExitCode.YES if build.outcome in ("succeeded", "running") else ExitCode.NO


def summary(build: Build) -> list[str]:
    """Return a build in a few lines, for people."""
    lines = [f"{build.content}: {_outcome(build)}", f"  build        {build.id}"]
    if build.python is not None:
        python = build.python
        lines.append(f"  Python       {python.version}  {python.executable}  (rule {python.rule})")
    if build.environment is not None and build.outcome in ("succeeded", "running"):
        name = f"{build.environment.id}  " if build.environment.id else ""
        lines.append(f"  environment  {name}{build.environment.path}")
    if build.skipped:
        lines.append(f"  skipped      {', '.join(build.skipped)}")
    lines.append(f"  log          {build.log}")
    for finding in build.findings:
        lines.append(f"  {finding.role} ({finding.code}): {finding.cause}")
        lines.append(f"    remedy: {finding.remedy}")
        if finding.author_remedy:
            lines.append(f"    author: {finding.author_remedy}")
    return lines


def _outcome(build: Build) -> str:
    if build.is_running:
        return f"running ({build.phase})"
    if build.outcome != "succeeded":
        return build.outcome
    if build.asked.kind == "build-python":
        return f"installed{' with warnings' if build.findings else ''}"
    if build.python is None:
        return "succeeded, needs no Python"
    if build.environment is not None and build.environment.id is None:
        return "succeeded, with the installation's own packages"
    how = "using a cached environment" if build.reused else "environment created"
    warnings = " with warnings" if build.findings else ""
    return f"succeeded{warnings}, {how}"


def _waiting(event: Waiting) -> str:
    if event.build is not None:
        return f"waiting for build {event.build}, which creates the same environment; its log:"
    return "waiting for a free build slot (parallel-builds)"


class _Left(Exception):
    """The user stops watching a build, which continues."""


class _Attendant:
    """Handle Ctrl-C while a build is watched."""

    def __init__(self, state_dir: Path, build: str) -> None:
        self.state_dir = state_dir
        self.build = build
        self.was_interrupted = False
        self._is_pending = False

    @contextmanager
    def listening(self) -> Generator[None]:
        before = signal.signal(signal.SIGINT, self._notice)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def look(self) -> None:
        """Handle a pending Ctrl-C. Raises: _Left when the build continues unwatched."""
        if not self._is_pending:
            return
        self._is_pending = False
        if self.was_interrupted:  # a second Ctrl-C: do not wait for the cancellation
            raise _Left
        self.was_interrupted = True
        if self._ends_it():
            from ...core.builds import cancel

            cancel(self.state_dir, self.build, user_name())
        else:
            raise _Left

    def _ends_it(self) -> bool:
        if not (os.isatty(0) and os.isatty(2)):
            return True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return messages.ask("Cancel the build? Otherwise it continues in the background.")
        except KeyboardInterrupt:
            return False
        finally:
            signal.signal(signal.SIGINT, self._notice)

    def _notice(self, _number: int, _frame: FrameType | None) -> None:
        self._is_pending = True
