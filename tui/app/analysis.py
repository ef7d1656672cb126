"""What is known of the installations, and the thread of the analysis that finds it out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.message import Message

from ...core.errors import StewardError
from ..terminal.key_queue import KeyQueueApp
from .background import call, post

if TYPE_CHECKING:
    from ...core.installations import Analysis, Installation
    from ..services.backend import Backend
    from .session import Session

_SECONDS_TO_GATHER = 0.05


class Analysed(Message):
    """One installation was examined."""

    def __init__(self, installation: Installation) -> None:
        super().__init__()
        self.installation = installation


class Glanced(Message):
    """Every installation was looked at from outside, those beyond the first page too."""

    def __init__(self, installations: tuple[Installation, ...]) -> None:
        super().__init__()
        self.installations = installations


class Counted(Message):
    """It is known how much content uses each installation."""

    def __init__(self, usage: dict[str, int]) -> None:
        super().__init__()
        self.usage = usage


class AnalysingApp(KeyQueueApp):
    """An app that has a session, which the analysis replaces as it goes.

    source: where everything in it comes from. options: of Textual's app.
    """

    def __init__(self, source: Backend, **options: Any) -> None:
        super().__init__(**options)
        self.source = source
        self.session = source.opening()
        self._generation = 0
        self._examined: dict[str, Installation] = {}
        self._is_reloading = False

    def session_replaced(self) -> None:
        """Show it."""
        raise NotImplementedError

    def say(self, text: str, *, problem: bool = False) -> None:
        """A short message at the corner."""
        raise NotImplementedError

    def set_session(self, **changes: Any) -> None:
        """Replace what is known and have it shown."""
        self.session = replace(self.session, **changes)
        self.session_replaced()

    def analyse(self, *, fresh: bool) -> None:
        """Examine the installations; each is shown as soon as it is known."""
        self._generation += 1
        self.set_session(analysing=True)
        generation, known = self._generation, self.session.installations
        call(
            self,
            lambda: self._analyse(generation, fresh, known),
            lambda analysis: self._analysed(generation, analysis),
            lambda problem: self._not_analysed(generation, problem),
        )

    def _analyse(self, generation: int, fresh: bool, known: tuple[Installation, ...]) -> Analysis:
        """In a thread of its own: only posts messages."""

        def on_result(installation: Installation) -> None:
            if generation == self._generation:
                post(self, Analysed(installation))

        if any(each.executable is None and not each.problems for each in known):
            post(self, Glanced(self.source.glance()))
        post(self, Counted(self.source.usage()))
        return self.source.analyse(on_result, fresh=fresh)

    def on_counted(self, message: Counted) -> None:
        self.set_session(usage=message.usage)

    def on_glanced(self, message: Glanced) -> None:
        self.set_session(installations=message.installations)

    def on_analysed(self, message: Analysed) -> None:
        if not self._examined:
            self.set_timer(_SECONDS_TO_GATHER, self._show_examined)
        self._examined[message.installation.path] = message.installation

    def _show_examined(self) -> None:
        """Show what came in meanwhile: a thousand results are not a thousand repaints."""
        examined, self._examined = self._examined, {}
        if self.session.analysing:
            self.set_session(
                installations=tuple(
                    examined.get(known.path, known) for known in self.session.installations
                )
            )

    def _analysed(self, generation: int, analysis: Analysis) -> None:
        if generation == self._generation:
            self.set_session(
                analysing=False, installations=analysis.installations, log=analysis.log
            )

    def _not_analysed(self, generation: int, problem: StewardError) -> None:
        if generation == self._generation:
            self.set_session(analysing=False)
            self.say(str(problem), problem=True)

    def reload(self) -> None:
        """Read the settings again; an error leaves what is in force.

        Without a settings file that looks for the Pythons of this machine, which takes its time.
        """
        if not self._is_reloading:
            self._is_reloading = True
            self.set_session(analysing=True)
            call(self, self.source.reload, self._reloaded, self._not_reloaded)

    def _reloaded(self, session: Session) -> None:
        self._is_reloading = False
        if session.settings == self.session.settings:
            self.say("The settings were read again: nothing has changed.")
        self.session = session
        self.analyse(fresh=False)

    def _not_reloaded(self, problem: StewardError) -> None:
        self._is_reloading = False
        self.say(f"The settings stay as they were. {problem}", problem=True)
        self.analyse(fresh=False)
