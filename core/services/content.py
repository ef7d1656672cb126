"""Content service: list, deploy, rebuild and roll back the content of a server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .. import builds, bundles, content, environments
from ..content import ContentStatus, TodaysMatching
from ..errors import StateError, StewardError
from ..matching import NO_PYTHON
from ..server import Server
from ..state import open_database

if TYPE_CHECKING:
    from ..builds import Asked, Build, Content
    from ..bundles import Bundle
    from ..content import Drift, Readiness, Replacement
    from ..installations import Installation
    from ..state import BuildRow, RunRow


class ContentService:
    """The content of one server. Methods raise StewardError and may block."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._asked: dict[str, Asked] = {}
        self._today: TodaysMatching | None = None

    def list(self, installations: Sequence[Installation] | None) -> tuple[ContentStatus, ...]:
        """Return all content, by name.

        installations: as analyzed; None while that is not known: then nothing is compared.
        """
        today = None if installations is None else self._on(installations)
        found = builds.list_content(self._server.state_dir)
        checks = self._last_checks()
        return tuple(self._status(each, today, checks.get(each.name)) for each in found)

    def names(self) -> tuple[str, ...]:
        """Return the names of all content."""
        return tuple(each.name for each in builds.list_content(self._server.state_dir))

    def show(
        self, name: str, installations: Sequence[Installation]
    ) -> tuple[ContentStatus, tuple[BuildRow, ...]]:
        """Return one content item and its builds, the newest first.

        Raises: StateError (``content-unknown``).
        """
        state_dir = self._server.state_dir
        found = builds.find_content(state_dir, name)
        rows = builds.list_builds(state_dir, content=name)
        check = self._last_checks().get(name)
        return self._status(found, self._on(installations), check), rows

    def last_run(self, name: str) -> Build | None:
        """Return the newest run of a content item, or the build that has checked it."""
        state_dir = self._server.state_dir
        rows = builds.list_runs(state_dir, content=name)
        if not rows:
            return None
        return builds.current_build(state_dir, builds.find_run(state_dir, rows[0].id))

    def check(self, name: str) -> Build:
        """Start a check of a content item; it goes on by itself."""
        return content.check(self._server, name)

    def render(self, name: str) -> Build:
        """Start to render a content item; it goes on by itself."""
        return content.render(self._server, name)

    def write_document(self, run: Build, target: Path) -> Path:
        """Wait for a render and write its document to a file; return the file.

        Raises: StateError where there is no document, or the file cannot be written.
        """
        record = builds.Record(run.directory)
        for _ in builds.follow(record, log=False):
            pass
        return content.write_document(record, target)

    def bundle(self, name: str) -> Bundle:
        """Return the newest bundle of a content item. Raises: StateError (``bundle-gone``)."""
        state_dir = self._server.state_dir
        path = bundles.stored_bundle(state_dir, builds.find_content(state_dir, name).bundle)
        if path is None:
            raise StateError(f"the bundle of {name!r} is not kept any more", code="bundle-gone")
        return bundles.open_bundle(path)

    def lock(self, name: str) -> str:
        """Return the text of the lock that content runs on.

        Raises: StateError (``content-unknown``, ``no-lock``).
        """
        builds.find_content(self._server.state_dir, name)
        text = builds.content_lock(self._server.state_dir, name)
        if text is None:
            raise StateError(
                f"content {name!r} has no lock: it gets one with its next environment "
                "(content rebuild --force)",
                code="no-lock",
            )
        return text

    def packages(self, found: Content) -> tuple[tuple[str, str], ...]:
        """Return name and version of each package in its environment; none where it has no
        complete one."""
        if found.environment is None:
            return ()
        marker = environments.complete(Path(found.environment.path))
        return marker.packages if marker is not None else ()

    def drift(self, names: Sequence[str]) -> Iterator[Drift]:
        """Yield what would resolve differently today, content by content.

        names: empty: all content. Raises: StateError (``content-unknown``).
        """
        state_dir = self._server.state_dir
        known = names or [each.name for each in builds.list_content(state_dir)]
        return (content.find_drift(self._server, name) for name in known)

    def deploy(
        self,
        bundle: Path,
        name: str | None = None,
        *,
        confirm: Callable[[str], bool] | None = None,
    ) -> Build:
        return content.deploy(self._server, bundle, name, confirm=confirm)

    def replaced_by(self, bundle: Path, name: str | None = None) -> Replacement | None:
        """Return the content that a deploy of this bundle would update; None where it is new."""
        opened = bundles.open_bundle(bundle)
        given = os.path.abspath(opened.path)
        return content.find_replacement(self._server, name or opened.name, opened, given)

    def rebuild(self, name: str, *, force: bool = False) -> Build:
        return content.rebuild(self._server, name, afresh=force)

    def ensure(self, name: str) -> Readiness:
        return content.ensure(self._server, name)

    def roll_back(self, name: str) -> Content:
        return content.roll_back(self._server.state_dir, name)

    def remove(self, name: str) -> None:
        builds.remove_content(self._server.state_dir, name)

    def _on(self, installations: Sequence[Installation]) -> TodaysMatching:
        policy, today = self._server.settings.version_matching, self._today
        if today is None or today.installations is not installations or today.policy != policy:
            today = self._today = TodaysMatching(installations, policy)
        return today

    def _last_checks(self) -> dict[str, RunRow]:
        if not self._server.state_dir.is_dir():
            return {}
        with open_database(self._server.state_dir) as store:
            return store.last_checks()

    def _status(
        self, found: Content, today: TodaysMatching | None, check: RunRow | None
    ) -> ContentStatus:
        return ContentStatus(
            found,
            self._changes(found),
            None if today is None else today.need_of(found),
            None if today is None else today.would_get(found),
            content.rollback_target(found),
            check,
        )

    def _changes(self, found: Content) -> tuple[str, ...]:
        if found.request == NO_PYTHON:
            return ()
        asked = self._asked.get(found.build)
        if asked is None:
            try:
                asked = builds.find(self._server.state_dir, found.build).read().asked
            except StewardError:
                return ()
            self._asked[found.build] = asked  # a record's request never changes
        return content.changes_since(asked, self._server.settings)
