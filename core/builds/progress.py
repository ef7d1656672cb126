"""How far a running build is, from the events that it has written."""

from __future__ import annotations

from ..frozen import frozen
from ..state import BuildRow
from .events import PackageEvent, Phase, Waiting
from .follower import follow
from .record import Record


@frozen
class Progress:
    """How far a build is.

    package: what is done to which package, where the phase says so. found: the package found last,
    which pip's own steps are about. waits_for: a reason, where it waits.
    """

    phase: str = ""
    detail: str = ""
    package: str = ""
    waits_for: str | None = None
    found: str = ""


@frozen
class BuildEntry:
    """A build in a list; progress only while it runs."""

    row: BuildRow
    progress: Progress | None = None

    @property
    def is_running(self) -> bool:
        return self.row.outcome == "running"


def progress_of(record: Record) -> Progress:
    """Return how far a build is. Raises StateError (``record-unreadable``)."""
    progress = Progress()
    for event in follow(record, log=False, wait=False):
        progress = advance(progress, event)
    return progress


def advance(progress: Progress, event: object) -> Progress:
    """Return the progress after an event."""
    if isinstance(event, Phase):
        package = progress.package if event.name == progress.phase else ""
        return Progress(event.name, event.detail, package, found=progress.found)
    if isinstance(event, PackageEvent):
        version = f" {event.version}" if event.version else ""
        package = f"{event.action} {event.name}{version}"
        return Progress(progress.phase, progress.detail, package, found=event.name)
    if isinstance(event, Waiting):
        what = f"build {event.build}" if event.build else "a free place"
        return Progress(progress.phase, progress.detail, progress.package, what, progress.found)
    return progress
