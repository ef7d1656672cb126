"""What all screens have around them: header, tabs, notice, footer, and the keys of the registry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget

from ..app_api import app_of
from ..registry import bindings_of
from ..widgets.banner import Banner
from ..widgets.footer import Footer
from ..widgets.header import Header
from ..widgets.tab_bar import TabBar

if TYPE_CHECKING:
    from ..session import Session


class StewardScreen(Screen[None]):
    """A screen of the house. Subclasses give ``scope`` and ``compose_body``.

    Each action of the scope is a method ``do_<name>``; what is possible is asked as the
    protocol of its file in ``tui.actions`` says.

    scope: the scope of its actions; for a tab, its name.
    tab: the tab that is marked while it is in front; by default its scope.
    """

    scope: ClassVar[str] = ""
    tab: ClassVar[str | None] = None
    _session_shown: Session | None = None
    VERTICAL_BREAKPOINTS: ClassVar[Any] = [(0, "-tiny"), (20, "-short"), (32, "-tall")]
    HORIZONTAL_BREAKPOINTS: ClassVar[Any] = [(0, "-narrow"), (100, "-wide")]

    def __init_subclass__(cls, **given: Any) -> None:
        if "scope" in cls.__dict__:
            cls.BINDINGS = [
                Binding(keys, f"app.{action}", label, show=False)
                for keys, action, label in bindings_of(cls.scope)
            ]
        super().__init_subclass__(**given)

    def compose(self) -> ComposeResult:
        yield Header()
        yield TabBar(self.tab or self.scope)
        yield Banner()
        yield from self.compose_body()
        yield Footer(self.scope)

    def compose_body(self) -> Iterable[Widget]:
        """The widgets between notice and footer."""
        raise NotImplementedError

    def open_with(self, given: object) -> None:
        """Take what the screen was opened with; each screen says what it knows."""

    def go_back(self) -> bool:
        """What Esc does inside this screen; False where it has nothing to go back from."""
        return False

    @property
    def is_standing(self) -> bool:
        """Whether its parts are there: not before they are mounted, nor once it is taken down."""
        return bool(self.query(Header)) and bool(self.query(Footer))

    def session_changed(self) -> None:
        """The session is another: show it. Subclasses that show more of it extend this."""
        self._session_shown = app_of(self).session
        self.query_one(Header).refresh()
        self.query_one(Banner).update()
        self.actions_changed()

    def actions_changed(self) -> None:
        """What is possible may be different now."""
        self.query_one(Footer).refresh()

    def _compositor_refresh(self) -> None:
        """Textual draws a whole page while it opens, only to throw it away."""
        if not self.app._batch_count:
            super()._compositor_refresh()

    def terminal_answered(self) -> None:
        """The terminal has shown all that it was sent."""

    def on_screen_resume(self) -> None:
        """What became known while another screen was in front is shown now."""
        if self.is_standing and self._session_shown is not app_of(self).session:
            self.session_changed()

    def say(self, text: str) -> None:
        """A short message at the corner."""
        app_of(self).say(text)
