"""The screen of upgrades, on the demonstration's server and on one of the test's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pysteward.tui.app.app import StewardApp
from pysteward.tui.app.demo import DemoBackend
from pysteward.tui.services.backend import LocalBackend
from pysteward.tui.terminal.capabilities import Terminal
from tests.support.server import SampleServer

MakeApp = Callable[..., StewardApp]


@pytest.fixture
def make_app() -> MakeApp:
    """Makes the app on the demonstration, opened at the screen of upgrades."""

    def make(terminal: Terminal | None = None) -> StewardApp:
        return StewardApp(DemoBackend(pause=0), terminal or Terminal(), first="upgrade")

    return make


@pytest.fixture
def real_app(server: SampleServer) -> MakeApp:
    """Makes the app on the test's server."""

    def make() -> StewardApp:
        return StewardApp(LocalBackend(server.configured), Terminal(), first="upgrade")

    return make
