"""Watch builds and the plan of the server: every screen shows what runs and what has failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .background import call

if TYPE_CHECKING:
    from ...core.builds import BuildEntry
    from ...core.services import BuildService, UpgradeService
    from ...core.upgrades import UpgradePlan

PLAN = "plan"
"""Stands for the last plan where a build's id would."""


class RunningBuilds:
    """Checked now and then; tells the app's session how many builds run and have failed since.

    app: a message pump with a session, a source, ``say`` and ``alert``.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self._stamp: object = None
        self._running: dict[str, str] = {}
        self._failed: dict[str, str] = {}
        self._is_checking = False
        self._plan_runs = False
        self._last_ended: str | None = None

    @property
    def next_build(self) -> str | None:
        """What to look at: what was told last, else a build that failed, else one that runs."""
        if self._last_ended is not None:
            return self._last_ended
        for builds in (self._failed, self._running):
            if builds:
                return list(builds)[-1]
        return None

    def seen(self, build: str) -> None:
        """A build, or the plan, was looked at."""
        if build == self._last_ended:
            self._last_ended = None
        if self._failed.pop(build, None) is not None:
            self._show()

    def check(self) -> None:
        """Ask for the builds, if something may have changed."""
        service = self._app.source.builds
        if service is None or self._is_checking:
            return
        stamp = service.stamp()
        if stamp == self._stamp and not self._running and not self._plan_runs:
            return
        is_first = self._stamp is None
        self._is_checking = True

        upgrades = self._app.source.upgrades

        def take(known: tuple[tuple[BuildEntry, ...], UpgradePlan | None, bool]) -> None:
            entries, plan, plan_runs = known
            self._is_checking, self._stamp = False, stamp
            self._take(entries, is_first=is_first)
            self._take_plan(plan, plan_runs)

        call(self._app, lambda: _look(service, upgrades), take, self._fail)

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
                self._tell(build, f"{content}: {outcome}. ! shows the build")
        self._running = running
        self._show()

    def _take_plan(self, plan: UpgradePlan | None, is_running: bool) -> None:
        if plan is not None and self._plan_runs and not is_running:
            from ...core.upgrades import plan_line

            self._tell(PLAN, f"Upgrade {plan_line(plan, is_driven=False)}. ! shows the plan")
        self._plan_runs = is_running

    def _tell(self, what: str, text: str) -> None:
        """Say that something has ended; focus and tab stay where they are."""
        self._last_ended = what
        self._app.say(text)
        self._app.messages.alert(text)

    def _show(self) -> None:
        counts = (len(self._running), len(self._failed))
        session = self._app.session
        if counts != (session.running, session.failed):
            self._app.set_session(running=counts[0], failed=counts[1])


def _look(
    builds: BuildService, upgrades: UpgradeService | None
) -> tuple[tuple[BuildEntry, ...], UpgradePlan | None, bool]:
    """Return the builds, the last plan, and whether that is running; may block."""
    from ...core.errors import StewardError

    try:
        _, plan, is_running = upgrades.last() if upgrades is not None else (None, None, False)
    except StewardError:  # there is none
        plan, is_running = None, False
    return builds.list(), plan, is_running
