"""Watch the builds of the server, so that every screen shows what runs and what has failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .background import call

if TYPE_CHECKING:
    from ...core.builds import BuildEntry


class RunningBuilds:
    """Checked now and then; tells the app's session how many builds run and have failed since.

    app: a message pump with a session, a source and ``say``.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self._stamp: object = None
        self._running: dict[str, str] = {}
        self._failed: dict[str, str] = {}
        self._is_checking = False

    @property
    def next_build(self) -> str | None:
        """The build to look at: one that failed last, else one that runs."""
        for builds in (self._failed, self._running):
            if builds:
                return list(builds)[-1]
        return None

    def seen(self, build: str) -> None:
        """A failed build was looked at."""
        if self._failed.pop(build, None) is not None:
            self._show()

    def check(self) -> None:
        """Ask for the builds, if something may have changed."""
        service = self._app.source.builds
        if service is None or self._is_checking:
            return
        stamp = service.stamp()
        if stamp == self._stamp and not self._running:
            return
        is_first = self._stamp is None
        self._is_checking = True

        def take(entries: tuple[BuildEntry, ...]) -> None:
            self._is_checking, self._stamp = False, stamp
            self._take(entries, is_first=is_first)

        call(self._app, service.list, take, self._fail)

    def _fail(self, _problem: object) -> None:
        # The screens that show builds say what is wrong.
        self._is_checking = False

    def _take(self, entries: tuple[BuildEntry, ...], *, is_first: bool) -> None:
        running = {entry.row.id: entry.row.content for entry in entries if entry.is_running}
        outcomes = {entry.row.id: entry.row.outcome for entry in entries}
        for build, content in self._running.items():
            outcome = outcomes.get(build)
            if build in running or outcome is None:
                continue
            if outcome == "failed":
                self._failed[build] = content
            if not is_first:
                self._app.say(f"{content}: {outcome}. ! shows the build")
        self._running = running
        self._show()

    def _show(self) -> None:
        counts = (len(self._running), len(self._failed))
        session = self._app.session
        if counts != (session.running, session.failed):
            self._app.set_session(running=counts[0], failed=counts[1])
