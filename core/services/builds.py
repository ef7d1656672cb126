"""Build service: list, cancel, retry and export the builds of a server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .. import builds, content, environments
from ..builds import BuildEntry, Progress
from ..errors import StateError
from ..server import Server
from ..state import DATABASE
from ..users import user_name

if TYPE_CHECKING:
    from ..builds import Build, Estimate, OpenRecord, Record
    from ..state import BuildRow


class BuildService:
    """The builds of one server. Methods raise StewardError and may block."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def stamp(self) -> object:
        """Return a value that differs when builds were added or removed; takes three system calls.

        A record's directory is there before the database names the build: both count.
        """
        database = self._server.state_dir / DATABASE
        return (
            _changed(self._server.builds),
            _changed(database),
            # SQLite makes this file empty for everyone who only reads.
            _changed(database.with_name(f"{DATABASE}-wal"), unless_empty=True),
        )

    def list(self) -> tuple[BuildEntry, ...]:
        """Return all builds, running ones first, then the newest first."""
        return tuple(
            BuildEntry(row, self._progress(row) if row.outcome == "running" else None)
            for row in builds.list_builds(self._server.state_dir)
        )

    def count_running(self) -> int:
        """Return how many builds run; 0 where the state directory cannot be read."""
        if not self._server.state_dir.is_dir():
            return 0
        try:
            rows = builds.list_builds(self._server.state_dir)
        except StateError:
            return 0
        return sum(row.outcome == "running" for row in rows)

    def show(self, build: str) -> Build:
        return builds.current_build(self._server.state_dir, self.record(build))

    def record(self, build: str) -> Record:
        """Return the record of a build, or of a run of content."""
        return builds.find_run(self._server.state_dir, build)

    def estimate(self, build: Build) -> Estimate | None:
        """Return what an earlier build of the same packages needed; None where there is none."""
        return builds.estimate_of(self._server.state_dir, build)

    def environment_size(self, build: Build) -> int | None:
        """Return the bytes of a build's environment; None where it has none of its own."""
        if build.environment is None or build.environment.id is None:
            return None
        return environments.measure([Path(build.environment.path)]).total or None

    def cancel(self, build: str) -> bool:
        """Cancel a build in the name of this user; return whether it was still running."""
        return builds.cancel_record(self.record(build), user_name())

    def retry(self, build: str) -> Build:
        return content.retry(self._server, build)

    def export(self, build: str, target: Path) -> Path:
        """Write the record of a build to a file; return the file."""
        return builds.export(self.record(build), target)

    def open_exported(self, path: Path) -> OpenRecord:
        return builds.open_record(path)

    def remove(self, build: str, *, force: bool = False) -> None:
        """Remove the record of a build. force: even if content needs it."""
        builds.remove_build(self._server.state_dir, build, force=force)

    def _progress(self, row: BuildRow) -> Progress:
        try:
            return builds.progress_of(self.record(row.id))
        except StateError:
            return Progress()


def _changed(path: Path, *, unless_empty: bool = False) -> int | None:
    """Return when a file was changed last, in nanoseconds; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return None if unless_empty and not status.st_size else status.st_mtime_ns
