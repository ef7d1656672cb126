"""What screens and widgets may ask of the app, without knowing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from ..services.backend import Backend
    from ..terminal.capabilities import Terminal
    from ..terminal.display import Display
    from .session import Session


class AppApi(Protocol):
    """The app, as its screens see it."""

    session: Session
    looks: Display
    source: Backend
    terminal: Terminal

    def act(self, action_id: str) -> None:
        """Do it, or say why not."""
        ...

    def why_not(self, action_id: str) -> str | None:
        """Why an action of the screen in front, or of everywhere, cannot be done now."""
        ...

    def open_tab(self, name: str, given: object = None) -> None:
        """Go to a tab; given: what its screen is to open with."""
        ...

    def say(self, text: str, *, problem: bool = False) -> None:
        """A short message; text from outside in it need not be safe."""
        ...

    def analyse(self, *, fresh: bool) -> None:
        """Begin the analysis; fresh: without the cache."""
        ...

    def reload(self) -> None:
        """Read the settings again."""
        ...

    def keep_theme(self) -> None:
        """Have the theme that is shown the next time, too."""
        ...

    def copy(self, text: str, what: str) -> None:
        """Put text on the clipboard and say how that was done."""
        ...


def app_of(node: DOMNode) -> AppApi:
    """The app a widget or a screen lives in."""
    return cast(AppApi, cast(Any, node).app)
