"""Opens the terminal interface for a command, and makes that quick."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import terminal

if TYPE_CHECKING:
    from ..core.scenarios import Scenario
    from .sources import Source


@dataclass(frozen=True, slots=True)
class Play:
    """What the simulator is opened with; a Scenario alone will do.

    scenario: None for the installations at hand. tour: whether to begin with the tour.
    """

    scenario: Scenario | None = None
    tour: bool = False


def open_interface(
    make_source: Callable[[], Source],
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
    at_hand = terminal.require(instead)
    # Imports and the first paint make many objects and little garbage: collecting meanwhile costs
    # a tenth of the time to the first paint. The app turns it on again.
    import gc

    gc.disable()
    try:
        from .app import run_app

        return run_app(make_source(), at_hand, first=first, given=given)
    finally:
        gc.enable()
