"""Opens the terminal interface for a command, and makes that quick."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..core.frozen import frozen
from .messages import note
from .terminal.capabilities import Terminal, require

if TYPE_CHECKING:
    from ..core.scenarios import Scenario
    from .services.backend import Backend


@frozen
class Play:
    """What the simulator is opened with; a Scenario alone will do.

    scenario: None for the installations at hand. tour: whether to begin with the tour.
    """

    scenario: Scenario | None = None
    tour: bool = False


def open_interface(
    make_source: Callable[[], Backend],
    *,
    instead: str,
    first: str = "installations",
    given: object = None,
) -> int:
    """Open the interface and stay until it is left. Returns the exit status.

    make_source: what to open it on, called when there is a terminal. instead: the command that
    answers without one. first: the tab to open; given: what its screen is to open with.

    Raises UsageError without a terminal, SettingsError where the settings cannot be read.
    """
    at_hand = require(instead)
    # Imports and the first paint make many objects and little garbage: collecting meanwhile costs
    # a tenth of the time to the first paint. The app turns it on again.
    gc.disable()
    try:
        return stay(make_source(), at_hand, first=first, given=given)
    finally:
        gc.enable()


def stay(
    source: Backend, terminal: Terminal, *, first: str = "installations", given: object = None
) -> int:
    """Have the app run until it is left, and say what goes on. Returns the exit status."""
    from .app.app import StewardApp
    from .app.theme_file import ThemeMemory, theme_file
    from .terminal.signals import settle

    memory = ThemeMemory(theme_file(os.environ))
    app = StewardApp(source, terminal, first=first, given=given, memory=memory)
    try:
        app.run()
    finally:
        settle(lambda: note("Finishing what was begun."))
    running = source.running_builds()
    if running:
        builds = "1 build goes" if running == 1 else f"{running} builds go"
        note(f"{builds} on; `pysteward builds` shows what runs.")
    return app.return_code or 0
