"""Watch a build on the command line: its log while it runs, its outcome at the end.

Shared by the commands that start builds and those that show them.
"""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

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
from ...core.findings import Finding
from ...core.users import user_name
from .. import messages
from ..messages import ExitCode
from ..output import Output

if TYPE_CHECKING:
    from .live_line import LiveLine


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
    record = Record(build.directory)
    attendant = _Attendant(record)
    line = _live_line() if build.is_running else None

    def look() -> None:
        attendant.look()
        if line is not None:
            line.look()

    def also(event: Event) -> None:
        if line is not None:
            line.add(event)

    with attendant.listening():
        try:
            stream(follow(record, idle=look), look, also)
        except _Left:
            what = "run" if build.is_run else "build"
            messages.note(
                f"{what} {build.id} continues; see pysteward {what}s log {build.id} --follow"
            )
        finally:
            if line is not None:
                line.end()
    if build.is_running:
        from ...core.builds import current_build

        build = current_build(state_dir, record)
    status = show_outcome(build, out)
    return ExitCode.INTERRUPTED if attendant.was_interrupted else status


def _live_line() -> LiveLine:
    """Return the line of a build that runs; a reused environment is over before one is seen."""
    from .live_line import LiveLine

    return LiveLine()


def stream(
    events: Iterable[Event | LogLines],
    look: Callable[[], object] = lambda: None,
    also: Callable[[Event], object] = lambda _: None,
) -> None:
    """Write what happens in a build to standard error.

    look: called after each event. also: gets each event that is not of the log.
    """
    for event in events:
        if isinstance(event, LogLines):
            messages.note("\n".join(event.lines))
        elif isinstance(event, Notice):
            messages.warn(event.text)
        elif isinstance(event, Waiting):
            messages.note(_waiting(event))
        if not isinstance(event, LogLines):
            also(event)
        look()


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
    return status_of(build)


def status_of(build: Build) -> ExitCode:
    """Return the exit status of a command about a build or a run.

    Content that was checked must start; else a build that succeeded, or runs, is enough.
    """
    if build.check is not None:
        return ExitCode.YES if build.starts == "yes" else ExitCode.NO
    return ExitCode.YES if build.outcome in ("succeeded", "running") else ExitCode.NO


def summary(build: Build) -> list[str]:
    """Return a build, or a run, in a few lines, for people."""
    what = "run" if build.is_run else "build"
    lines = [f"{build.content}: {_outcome(build)}", f"  {what:<11}  {build.id}"]
    if build.python is not None:
        python = build.python
        lines.append(f"  Python       {python.version}  {python.executable}  (rule {python.rule})")
    if build.server is not None:
        lines.append(f"  server       {build.server}")
    if build.environment is not None and build.outcome in ("succeeded", "running"):
        name = f"{build.environment.id}  " if build.environment.id else ""
        lines.append(f"  environment  {name}{build.environment.path}")
    if build.skipped:
        lines.append(f"  skipped      {', '.join(build.skipped)}")
    lines += [*_check_lines(build), f"  log          {build.log}"]
    for finding in build.all_findings:
        lines += finding_lines(finding)
    return lines


def _check_lines(build: Build) -> list[str]:
    """Return what a start check has done."""
    check = build.check
    if check is None:
        return []
    lines = [f"  starts       {check.starts}: {check.why}"]
    lines += [f"  waited for   {each}" for each in check.waited_for]
    return lines + [f"  not opened   {each}" for each in check.not_opened]


def finding_lines(finding: Finding) -> list[str]:
    """Return a finding in a few lines, with the line of the content's own file that proves it."""
    lines = [f"  {finding.role} ({finding.code}): {finding.cause}"]
    lines += [
        f"    {each.source}, line {each.line}: {each.text.strip()[:200]}"
        for each in finding.evidence[:1]
        if each.source not in ("log", "pip.log")
    ]
    lines.append(f"    remedy: {finding.remedy}")
    if finding.author_remedy:
        lines.append(f"    author: {finding.author_remedy}")
    return lines


def _outcome(build: Build) -> str:
    if build.is_running:
        return f"running ({build.phase})"
    if build.is_run and build.check is not None:
        return _STARTS[build.check.starts]
    if build.outcome != "succeeded":
        return build.outcome
    if build.asked.kind == "render":
        return "rendered"
    if build.asked.kind == "build-python":
        return f"installed{' with warnings' if build.findings else ''}"
    if build.python is None:
        return "succeeded, needs no Python"
    if build.environment is not None and build.environment.id is None:
        return "succeeded, with the installation's own packages"
    how = "using a cached environment" if build.reused else "environment created"
    warnings = " with warnings" if build.findings else ""
    starts = "" if build.check is None else f", {_STARTS[build.check.starts]}"
    return f"succeeded{warnings}, {how}{starts}"


_STARTS = {
    "yes": "starts",
    "no": "does not start",
    "needs-variables": "needs variables to start",
    "needs-network": "needs the network to start",
    "not-checked": "not checked",
}


def _waiting(event: Waiting) -> str:
    if event.build is not None:
        return f"waiting for build {event.build}, which creates the same environment; its log:"
    return "waiting for a free build slot (parallel-builds)"


class _Left(Exception):
    """The user stops watching a build, which continues."""


class _Attendant:
    """Handle Ctrl-C while a build is watched."""

    def __init__(self, record: Record) -> None:
        self.record = record
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
            from ...core.builds import cancel_record

            cancel_record(self.record, user_name())
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
