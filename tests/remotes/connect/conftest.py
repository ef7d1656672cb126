"""A Connect server for each test, and a client that does not wait long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pysteward.core.remotes.connect.client import ClientLimits, ConnectClient
from pysteward.core.remotes.connect.settings import ConnectServer as Configured
from tests.support.connect_server import ADMINISTRATOR, ConnectServer, running

HASTY = ClientLimits(first_pause=0.01, longest_pause=0.05, silent_seconds=5, connect_seconds=5)

Connecting = Callable[..., ConnectClient]


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture
def server(certificates: Path) -> Iterator[ConnectServer]:
    """A server of the newest release, without content, over TLS."""
    with running(ConnectServer(certificates)) as started:
        yield started


@pytest.fixture
def connect(server: ConnectServer) -> Iterator[Connecting]:
    """Makes clients of that server."""
    with ExitStack() as stack:

        def client(
            key: str = ADMINISTRATOR, limits: ClientLimits = HASTY, **more: object
        ) -> ConnectClient:
            configured = Configured("test", server.url, Path("unused"), ca=server.ca, **more)  # type: ignore[arg-type]
            return stack.enter_context(ConnectClient(configured, key, limits=limits))

        yield client
