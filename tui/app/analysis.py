"""The analysis of the installations, and the session that it fills."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from textual.timer import Timer

from ...core.errors import StewardError
from .background import call, tell

if TYPE_CHECKING:
    from ...core.installations import Analysis, Installation
    from ..services.backend import Backend
    from .session import Session

_GATHER_SECONDS = 0.05


class AnalysisOwner(Protocol):
    """What the controller needs of the app."""

    session: Session
    source: Backend

    def set_session(self, **changes: Any) -> None: ...

    def say(self, text: str, *, problem: bool = False) -> None: ...

    def set_timer(self, delay: float, callback: Any = None) -> Timer: ...


class AnalysisController:
    """Runs the analysis in a thread and replaces the app's session as results arrive.

    app: a message pump, too.
    """

    def __init__(self, app: Any) -> None:
        self._app: Any = app
        self._owner: AnalysisOwner = app
        self._generation = 0
        self._checked: dict[str, Installation] = {}
        self.is_reloading = False

    def analyze(self, *, fresh: bool) -> None:
        """Check the installations; each is shown as soon as it is known."""
        self._generation += 1
        self._owner.set_session(analyzing=True)
        generation, known = self._generation, self._owner.session.installations
        call(
            self._app,
            lambda: self._analyze(generation, fresh, known),
            lambda analysis: self._analyzed(generation, analysis),
            lambda problem: self._not_analyzed(generation, problem),
        )

    def _analyze(self, generation: int, fresh: bool, known: tuple[Installation, ...]) -> Analysis:
        """In a thread."""
        source = self._owner.source

        def on_result(installation: Installation) -> None:
            if generation == self._generation:
                tell(self._app, self._take_one, installation)

        if any(each.executable is None and not each.problems for each in known):
            tell(self._app, self._take_inspected, source.glance())
        tell(self._app, self._take_usage, source.usage())
        return source.analyze(on_result, fresh=fresh)

    def _take_usage(self, usage: dict[str, int]) -> None:
        self._owner.set_session(usage=usage)

    def _take_inspected(self, installations: tuple[Installation, ...]) -> None:
        self._owner.set_session(installations=installations)

    def _take_one(self, installation: Installation) -> None:
        if not self._checked:
            self._owner.set_timer(_GATHER_SECONDS, self._show_checked)
        self._checked[installation.path] = installation

    def _show_checked(self) -> None:
        """Show what has arrived meanwhile: a thousand results are not a thousand repaints."""
        checked, self._checked = self._checked, {}
        session = self._owner.session
        if session.analyzing:
            self._owner.set_session(
                installations=tuple(
                    checked.get(known.path, known) for known in session.installations
                )
            )

    def _analyzed(self, generation: int, analysis: Analysis) -> None:
        if generation == self._generation:
            self._owner.set_session(
                analyzing=False, installations=analysis.installations, log=analysis.log
            )

    def _not_analyzed(self, generation: int, problem: StewardError) -> None:
        if generation == self._generation:
            self._owner.set_session(analyzing=False)
            self._owner.say(str(problem), problem=True)

    def reload(self) -> None:
        """Read the settings again; after an error the old ones stay active.

        Without a settings file that looks for the Pythons of this machine, which takes a while.
        """
        if not self.is_reloading:
            self.is_reloading = True
            self._owner.set_session(analyzing=True)
            call(self._app, self._owner.source.reread, self._reloaded, self._not_reloaded)

    def _reloaded(self, session: Session) -> None:
        self.is_reloading = False
        if session.settings == self._owner.session.settings:
            self._owner.say("The settings were reloaded: nothing has changed.")
        old = self._owner.session
        self._owner.session = replace(session, running=old.running, failed=old.failed)
        self.analyze(fresh=False)

    def _not_reloaded(self, problem: StewardError) -> None:
        self.is_reloading = False
        self._owner.say(f"The old settings stay active. {problem}", problem=True)
        self.analyze(fresh=False)
