"""The parts that every screen has: header, tabs, banner, footer, and the keys of its actions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget

from ..actions import Action, bindings_of
from ..app_api import AppApi, app_of
from ..widgets.banner import Banner
from ..widgets.footer import Footer
from ..widgets.header import Header
from ..widgets.tab_bar import TabBar

if TYPE_CHECKING:
    from ..session import Session


class StewardScreen(Screen[None]):
    """A screen. Subclasses give ``scope``, ``actions`` and ``compose_body``.

    scope: the scope of its actions; for a tab, its name.
    actions: each is a method ``do_<name>`` of the screen, or of the object that ``on`` names.
    tab: the tab that is marked while the screen is in front; by default its scope.
    leads_back: whether leaving it also goes back to the tab from which it was opened.
    """

    scope: ClassVar[str] = ""
    actions: ClassVar[tuple[Action, ...]] = ()
    tab: ClassVar[str | None] = None
    _session_shown: Session | None = None
    leads_back: bool = False
    VERTICAL_BREAKPOINTS: ClassVar[Any] = [(0, "-tiny"), (20, "-short"), (32, "-tall")]
    HORIZONTAL_BREAKPOINTS: ClassVar[Any] = [(0, "-narrow"), (100, "-wide")]

    def __init_subclass__(cls, **options: Any) -> None:
        if "actions" in cls.__dict__:
            cls.BINDINGS = [
                Binding(keys, f"app.{action}", label, show=False)
                for keys, action, label in bindings_of(cls.actions)
            ]
        super().__init_subclass__(**options)

    @property
    def steward(self) -> AppApi:
        """The app."""
        return app_of(self)

    def compose(self) -> ComposeResult:
        yield Header()
        yield TabBar(self.tab or self.scope)
        yield Banner()
        yield from self.compose_body()
        yield Footer(self.actions)

    def compose_body(self) -> Iterable[Widget]:
        """Return the widgets between banner and footer."""
        raise NotImplementedError

    def open_with(self, argument: object) -> None:
        """Show what the screen was opened with; each screen says what it accepts."""

    @property
    def shown_server(self) -> str | None:
        """What stands in for this server on the screen, for the header; None for this server."""
        return None

    def go_back(self) -> bool:
        """Go back one step inside this screen; False if there is none."""
        return False

    @property
    def is_composed(self) -> bool:
        """Whether its parts are mounted."""
        return bool(self.query(Header)) and bool(self.query(Footer))

    def session_changed(self) -> None:
        """Show the new session. Subclasses that show more of it extend this."""
        self._session_shown = self.steward.session
        self.query_one(Header).refresh()
        self.query_one(Banner).update()
        self.actions_changed()

    def actions_changed(self) -> None:
        """Show which actions are possible now."""
        self.query_one(Footer).refresh()

    def _compositor_refresh(self) -> None:
        """Textual draws a whole page while it opens, and discards it."""
        if not self.app._batch_count:
            super()._compositor_refresh()

    def terminal_answered(self) -> None:
        """The terminal has shown all output up to a query."""

    def on_screen_suspend(self) -> None:
        """Another screen or a dialog is in front."""
        if self.is_composed:
            self.actions_changed()

    def on_screen_resume(self) -> None:
        """Show what changed while another screen was in front."""
        if self.is_composed:
            self.actions_changed()
        if self.is_composed and self._session_shown is not self.steward.session:
            self.session_changed()

    def why_read_only(self) -> str | None:
        """Return why nothing can be changed on this server; None where it can."""
        return self.steward.source.why_read_only

    def say(self, text: str) -> None:
        """Show a short message."""
        self.steward.say(text)
