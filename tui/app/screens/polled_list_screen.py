"""A list of what the state directory holds, asked for again when that has changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual.timer import Timer

from ....core.errors import StewardError
from ..app_api import app_of
from ..background import call
from ..widgets.table import Table
from .list_screen import ListScreen

if TYPE_CHECKING:
    from ....core.services import BuildService

_LOOK = 1.0  # seconds between two looks

Known = TypeVar("Known")


class PolledListScreen(ListScreen, Generic[Known]):
    """Subclasses say what to ``ask_for``, ``take`` the answer, and tell whether it ``moves``.

    empty: what the list says where there is nothing yet.
    """

    empty: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__()
        self._stamp: object = None
        self._is_asking = False
        self._asks_again = False
        self._looking: Timer | None = None

    @property
    def nothing(self) -> str:
        reason = app_of(self).source.why_read_only
        return self.empty if reason is None else f"Nothing here: {reason}."

    @property
    def service(self) -> BuildService | None:
        """The builds: their stamp says when something has changed."""
        return app_of(self).source.builds

    def ask_for(self, service: BuildService) -> Callable[[], Known]:
        """Return what finds out what is known now; it may block."""
        raise NotImplementedError

    def take(self, known: Known) -> None:
        """Keep and show it."""
        raise NotImplementedError

    @property
    def moves(self) -> bool:
        """Whether something runs, so that every look may find something new."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self.query_one(Table).focus()
        self._looking = self.set_interval(_LOOK, self._look)
        self.ask()

    def on_screen_suspend(self) -> None:
        super().on_screen_suspend()
        if self._looking is not None:
            self._looking.pause()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self._looking is not None:
            self._looking.resume()
            self.ask()

    def _look(self) -> None:
        """Looking costs next to nothing where nothing has happened."""
        service = self.service
        if service is not None and (self.moves or service.stamp() != self._stamp):
            self.ask()

    def ask(self) -> None:
        """Ask, or once more when what was asked is answered."""
        service = self.service
        if service is None:
            return
        if self._is_asking:
            self._asks_again = True
            return
        self._is_asking, self._asks_again = True, False
        stamp = service.stamp()

        def told(known: Known) -> None:
            self._is_asking = False
            self._stamp = stamp
            self.take(known)
            if self._asks_again:
                self.ask()

        call(self, self.ask_for(service), told, self.failed)

    def failed(self, problem: StewardError) -> None:
        """Something could not be found out, or done."""
        self._is_asking = False
        app_of(self).say(str(problem), problem=True)
