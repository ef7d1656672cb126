"""What the interface asks of builds and content: this machine's, under the settings of a server.

Everything here may block; the interface calls it in threads of its own (see ``tui.errands``).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.builds import (
    Build,
    Content,
    PackageEvent,
    Phase,
    Record,
    Waiting,
    cancel,
    export,
    find,
    find_content,
    follow,
    list_builds,
    list_content,
)
from ...core.bundles import stored_bundle
from ...core.content import (
    changes_since,
    deploy,
    rebuild,
    retry,
)
from ...core.errors import StateError, StewardError
from ...core.frozen import frozen
from ...core.server import Server
from ...core.users import user_name

if TYPE_CHECKING:
    from ...core.builds import Asked
    from ...core.bundles import Bundle
    from ...core.content import RebuildReason
    from ...core.installations import Installation
    from ...core.matching import Decision
    from ...core.state import BuildRow
    from .python_builds import PythonBuildService
    from .status import TodaysMatching
    from .upgrades import UpgradeService


@frozen
class Progress:
    """How far a build is.

    package: what is done to which, where the phase says so; found: the one that was found last,
    which pip's own steps are about; waits_for: a reason, where it waits.
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


@frozen
class ContentStatus:
    """A piece of content with what is known of it besides.

    changes: what a build of it would do otherwise under today's settings.
    need: why it is to be built again; otherwise: that a new deploy would get another Python;
    would_get: the same as a decision.
    before: the version that it can be put back on; None where it cannot: why_not_back says why.
    """

    content: Content
    changes: tuple[str, ...] = ()
    need: RebuildReason | None = None
    otherwise: str | None = None
    before: str | None = None
    why_not_back: str | None = None
    would_get: Decision | None = None

    @property
    def would_change(self) -> bool:
        """Whether building it again would make something else than what it has."""
        return bool(self.changes) or self.need is not None


class ContentService:
    """Builds and content of one state directory. Its methods raise StewardError."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._asked: dict[str, Asked] = {}
        self._today: TodaysMatching | None = None

    @property
    def state_dir(self) -> Path:
        return self._server.state_dir

    @property
    def upgrades(self) -> UpgradeService:
        """What can be asked and done about a change of installations."""
        from .upgrades import UpgradeService

        return UpgradeService(self._server)

    @property
    def source_builds(self) -> PythonBuildService:
        """What can be asked and done about Pythons from their source."""
        from .python_builds import PythonBuildService

        return PythonBuildService(self._server)

    def stamp(self) -> object:
        """Something that is another when builds have come or gone; quick."""
        try:
            return (self.state_dir / "builds").stat().st_mtime_ns
        except OSError:
            return None

    def builds(self) -> tuple[BuildEntry, ...]:
        """Running ones first, then the newest first."""
        return tuple(
            BuildEntry(row, self._progress(row) if row.outcome == "running" else None)
            for row in list_builds(self.state_dir)
        )

    def record(self, build: str) -> Record:
        return find(self.state_dir, build)

    def content(self, installations: Sequence[Installation] | None) -> tuple[ContentStatus, ...]:
        """What was deployed, by name.

        installations: as analysed; None as long as that is not known.
        """
        today = None if installations is None else self._on(installations)
        return tuple(self._deployed(content, today) for content in list_content(self.state_dir))

    def status(self, name: str, installations: Sequence[Installation]) -> ContentStatus:
        """One content item. Raises: StateError (content-unknown)."""
        return self._deployed(find_content(self.state_dir, name), self._on(installations))

    def _on(self, installations: Sequence[Installation]) -> TodaysMatching:
        from .status import TodaysMatching

        policy, today = self._server.settings.version_matching, self._today
        if today is None or today.installations is not installations or today.policy != policy:
            today = self._today = TodaysMatching(installations, policy)
        return today

    def _deployed(self, content: Content, today: TodaysMatching | None) -> ContentStatus:
        before, why_not = _way_back(content)
        return ContentStatus(
            content,
            self._changes(content),
            None if today is None else today.need_of(content),
            None if today is None else today.otherwise(content),
            before,
            why_not,
            None if today is None else today.would_get(content),
        )

    def bundle(self, content: str) -> Bundle:
        """The newest bundle of a piece of content, as it is kept."""
        from ...core.bundles import open_bundle

        path = stored_bundle(self.state_dir, find_content(self.state_dir, content).bundle)
        if path is None:
            raise StateError(f"the bundle of {content!r} is not kept any more", code="bundle-gone")
        return open_bundle(path)

    def deploy(self, bundle: Path, name: str | None) -> Build:
        return deploy(self._server, bundle, name)

    def rebuild(self, content: str) -> Build:
        return rebuild(self._server, content)

    def retry(self, build: str) -> Build:
        return retry(self._server, build)

    def cancel(self, build: str) -> bool:
        """Whether it still ran."""
        return cancel(self.state_dir, build, user_name())

    def export(self, build: str, target: Path) -> Path:
        return export(self.record(build), target)

    def _progress(self, row: BuildRow) -> Progress:
        try:
            return progress_of(self.record(row.id))
        except StateError:
            return Progress()

    def _changes(self, content: Content) -> tuple[str, ...]:
        asked = self._asked.get(content.build)
        if asked is None:
            try:
                asked = self.record(content.build).read().asked
            except StewardError:
                return ()
            self._asked[content.build] = asked  # it never changes
        return changes_since(asked, self._server.settings)


def _way_back(content: Content) -> tuple[str | None, str | None]:
    """The version of the environment before this one; else why there is no way back to it."""
    from ...core.environments import complete

    if content.outcome == "running":
        return None, "it is being built"
    if content.previous is None:
        return None, "it has no environment before this one"
    marker = complete(Path(content.previous.path))
    if marker is None:
        return None, "the environment before this one is not complete any more"
    if not os.path.exists(marker.interpreter):
        return None, f"Python {marker.python} of the environment before this one is gone"
    return str(marker.python), None


def progress_of(record: Record) -> Progress:
    """How far a build is, from the events that it has written."""
    progress = Progress()
    for event in follow(record, log=False, wait=False):
        progress = after(progress, event)
    return progress


def after(progress: Progress, event: object) -> Progress:
    """The progress when an event has happened."""
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
