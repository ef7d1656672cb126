"""What the terminal interface opens with: how a command asks for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.frozen import frozen

if TYPE_CHECKING:
    from ..core.scenarios import Scenario
    from .services.backend import Backend


@frozen
class Start:
    """What the app opens with.

    backend: where its data comes from; None means the demo server.
    tab: the tab to open. argument: what its screen opens with; None means nothing.
    instead: the command line that answers without a terminal.
    linear: whether it is to be lines, for a screen reader, and not a screen.
    """

    backend: Backend | None
    tab: str
    argument: object
    instead: str
    linear: bool = False


@frozen
class Source:
    """A server that the app can show.

    name: not two have the same. words: what it is, for a list.
    open: makes its backend; may block, and raises StewardError.
    """

    name: str
    words: str
    open: Callable[[], Backend]


@frozen
class Switch:
    """What the app ends with when another server is to be shown."""

    source: Source
    backend: Backend


@frozen
class Visit:
    """What the app ends with when a program is to have the terminal for a while.

    command: the program and its arguments. name: of the server that it shows. tab: to come back to.
    """

    command: tuple[str, ...]
    name: str
    tab: str


@frozen
class PipedInput:
    """An argument that is made from standard input. of: makes it from a file with that input."""

    of: Callable[[Path], object]


@frozen
class SimulatorStart:
    """What the simulator opens with.

    scenario: None means the active installations. tour: whether to start with the tour.
    file: the scenario's own file; None for a built-in one.
    """

    scenario: Scenario | None = None
    tour: bool = False
    file: Path | None = None
