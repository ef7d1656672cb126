"""Showing another server in place of this one: the app ends, and the next one shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from textual.app import App

from ..start import Switch, Visit
from .app_api import app_of
from .background import call

if TYPE_CHECKING:
    from ...core.errors import StewardError
    from ..services.backend import Backend
    from ..start import Source


class SourceSwitch:
    """What the app ends with, where it is to show something else.

    list_sources: returns all servers that can be shown; it may block. None: there is no other.
    shown: the name of the present one.
    wanted: the server or the program that comes next; None when the program ends with the app.
    """

    def __init__(
        self,
        app: App[Any],
        list_sources: Callable[[], Sequence[Source]] | None,
        shown: str,
    ) -> None:
        self._app = app
        self._list_sources = list_sources
        self.shown = shown
        self._is_opening = False
        self.wanted: Switch | Visit | None = None

    def why_not(self) -> str | None:
        """Return why no other server can be chosen now; None where one can."""
        if self._list_sources is None:
            return "there is no other server to choose"
        return "another server is being opened" if self._is_opening else None

    def list(self, then: Callable[[Sequence[Source]], object]) -> None:
        """Call then with all servers that can be shown."""
        if self._list_sources is not None:
            call(self._app, self._list_sources, then)

    def visit(self, visit: Visit) -> None:
        """End the app; a program has the terminal until the next app opens."""
        self.wanted = visit
        self._app.exit()

    def open(self, source: Source | None) -> None:
        """Open another server, and end the app with it. One that does not open is reported."""
        if source is None or self._is_opening:
            return
        self._is_opening = True
        app_of(self._app).say(f"Opening {source.name}.")

        def failed(problem: StewardError) -> None:
            self._is_opening = False
            app_of(self._app).say(str(problem), problem=True)

        def opened(backend: Backend) -> None:
            self.wanted = Switch(source, backend)
            self._app.exit()

        call(self._app, source.open, opened, failed)
