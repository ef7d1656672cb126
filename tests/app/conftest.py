"""The interface on the demonstration's server, which is the same every day and everywhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.demo import DemoBackend
from pysteward.tui.services.backend import Backend
from pysteward.tui.terminal.capabilities import Terminal

MakeApp = Callable[..., StewardApp]


@pytest.fixture
def make_app() -> MakeApp:
    """Makes the app; arguments as StewardApp's, on the demonstration if no source is given."""

    def make(
        source: Backend | None = None,
        *,
        terminal: Terminal | None = None,
        first: str = "installations",
        given: object = None,
        theme: str | None = None,
    ) -> StewardApp:
        return StewardApp(
            source or DemoBackend(pause=0),
            terminal or Terminal(),
            first=first,
            argument=given,
            theme=theme,
        )

    return make
