"""The app as screens and widgets see it (a protocol)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, cast

from ...core.frozen import frozen

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.screen import Screen

    from ...core.settings import Edit
    from ..services.backend import Backend
    from ..terminal.capabilities import Terminal
    from ..terminal.display import Display
    from .list_memory import ListMemory
    from .session import Session
    from .source_switch import SourceSwitch


@frozen
class Tab:
    """A screen that has a number key.

    name: also the scope of its actions. make: makes the screen; imports it first. key: its digit.
    """

    name: str
    title: str
    make: Callable[[], Screen[Any]]
    key: str


class AppApi(Protocol):
    """What the app offers.

    tabs: from left to right; each has a digit for its key. lists: how lists were sorted.
    written_edits: changes to the settings that were written here, the last one last.
    sources: shows another server, or leaves the terminal to a program.
    """

    session: Session
    terminal_display: Display
    source: Backend
    terminal: Terminal
    tabs: tuple[Tab, ...]
    lists: ListMemory
    written_edits: list[Edit]
    sources: SourceSwitch

    def act(self, action_id: str) -> None:
        """Run an action, or say why it is not possible."""
        ...

    def why_not(self, action_id: str) -> str | None:
        """Return why an action of the screen in front, or of every screen, is not possible now."""
        ...

    def open_tab(self, name: str, argument: object = None) -> None:
        """Go to a tab. argument: what its screen opens with."""
        ...

    def say(self, text: str, *, problem: bool = False) -> None:
        """Show a short message; the text may be untrusted."""
        ...

    def analyze(self, *, fresh: bool) -> None:
        """Start the analysis. fresh: without the cache."""
        ...

    def reload(self) -> None:
        """Read the settings again."""
        ...

    def keep_theme(self) -> None:
        """Use the current theme the next time, too."""
        ...

    def copy(self, text: str, what: str) -> None:
        """Put text on the clipboard and say how that was done."""
        ...


def app_of(node: DOMNode) -> AppApi:
    """Return the app of a widget or a screen."""
    return cast(AppApi, cast(Any, node).app)
