"""The failures of a Connect server on the command line, as they are found."""

from __future__ import annotations

import argparse
import re
import time
from contextlib import closing
from pathlib import Path

from ...core.errors import UsageError
from ...core.remotes.connect import (
    ContentFailures,
    Failure,
    FailureReader,
    failures_report,
    newest_first,
    read_content,
)
from .. import messages
from ..messages import ExitCode
from ..output import Output
from .connect_source import Progress, open_session, say_assumptions
from .connect_tables import (
    failure_document,
    failure_row,
    server_document,
    show_causes,
)

_UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}


def show_failures(arguments: argparse.Namespace, out: Output) -> ExitCode:
    """Write each failure as it is found, then the causes of all.

    NO when there are failures. Ctrl-C ends the reading; what was found until then is summed up.
    """
    since = start_of(arguments.since, time.time())
    with open_session(arguments.name, arguments.matching) as session:
        say_assumptions(session)
        reader = FailureReader(session.client, session.cache, session.policy)
        content, unreadable = read_content(session.client)
        total = sum(item.bundle is not None for item in content)
        tally = _Tally(total, since, unreadable)
        try:
            with closing(reader.read(content, since=since, refresh=arguments.refresh)) as answers:
                for found in answers:
                    tally.take(found, out)
        except KeyboardInterrupt:
            tally.was_stopped = True
        failures = newest_first(tally.failures)
        if not tally.was_stopped:
            failures = newest_first(reader.with_errors(failures))
    notes = tally.notes()
    for note in notes:
        messages.note(note)
    if arguments.report is not None:
        _write(failures_report(failures, arguments.name, notes), Path(arguments.report))
    if out.as_json:
        rows = [failure_document(failure) for failure in failures]
        out.document(server_document(session, notes) | {"failures": rows})
    elif failures:
        show_causes(failures, out)
    else:
        out.line("No failures were found.")
    if tally.was_stopped:
        return ExitCode.INTERRUPTED
    return ExitCode.NO if failures else ExitCode.YES


class _Tally:
    """What was found so far. total: the pieces of content that are asked."""

    def __init__(self, total: int, since: float, unreadable: int) -> None:
        self.failures: list[Failure] = []
        self.was_stopped = False
        self._total = total
        self._since = since
        self._unreadable = unreadable
        self._asked = self._kept = self._unread = self._older = 0
        self._oldest = time.time()
        self._problems: list[str] = []
        self._progress = Progress()

    def take(self, found: ContentFailures, out: Output) -> None:
        self._asked += 1
        self._kept += found.is_kept
        self._unread += found.unread
        self._older += found.older
        if found.is_kept:
            self._oldest = min(self._oldest, found.asked)
        if found.problem is not None:
            self._problems.append(f"{found.content.label}: {found.problem}")
        for failure in found.failures:
            self.failures.append(failure)
            if not out.as_json:
                out.line(failure_row(failure))
        left = self._total - self._asked
        self._progress.say(f"{self._asked:,} asked, {left:,} still to ask")

    def notes(self) -> list[str]:
        """Return what was not read, or not read now."""
        day = time.strftime("%Y-%m-%d %H:%M", time.gmtime(self._since))
        told: list[str] = []
        if self._asked < self._total:
            told.append(f"{self._total - self._asked:,} pieces of content were not asked")
        if self._kept:
            ago = max(0, round((time.time() - self._oldest) / 60))
            told.append(
                f"{self._kept:,} pieces are as read up to {ago} minutes ago (--refresh asks again)"
            )
        if self._older:
            told.append(f"{self._older:,} failures before {day} UTC are left out (--since)")
        if self._unread:
            told.append(f"{self._unread:,} older logs were not read")
        if self._unreadable:
            told.append(f"{self._unreadable:,} entries of the list of content could not be read")
        if self._problems:
            more = f" and {len(self._problems) - 1:,} more" if len(self._problems) > 1 else ""
            told.append(f"jobs could not be read: {self._problems[0]}{more}")
        return told


def start_of(text: str, now: float) -> float:
    """Return what --since means, in seconds since 1970. Raises: UsageError."""
    found = re.fullmatch(r"([0-9]{1,6})([mhdw])", text.strip())
    if found is not None:
        return now - int(found[1]) * _UNITS[found[2]]
    try:
        day = time.strptime(text.strip(), "%Y-%m-%d")
    except ValueError:
        raise UsageError(
            f"--since {text!r} is not a time: write 7d, 12h, 30m or a day such as 2026-11-20"
        ) from None
    import calendar

    return float(calendar.timegm(day))


def _write(text: str, path: Path) -> None:
    try:
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as problem:
        raise UsageError(
            f"the report cannot be written: {problem.strerror or problem}", file=path
        ) from None
    messages.note(f"report written to {path}")
