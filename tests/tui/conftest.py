"""The interface on the demonstration's server, which is the same every day and everywhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pysteward.tui.app import StewardApp
from pysteward.tui.demo import DemoSource
from pysteward.tui.sources import Source
from pysteward.tui.terminal import Terminal

MakeApp = Callable[..., StewardApp]


@pytest.fixture
def make_app() -> MakeApp:
    """Makes the app; arguments as StewardApp's, on the demonstration if no source is given."""

    def make(
        source: Source | None = None,
        *,
        terminal: Terminal | None = None,
        first: str = "installations",
        given: object = None,
        theme: str | None = None,
    ) -> StewardApp:
        return StewardApp(
            source or DemoSource(pause=0),
            terminal or Terminal(),
            first=first,
            given=given,
            theme=theme,
        )

    return make
