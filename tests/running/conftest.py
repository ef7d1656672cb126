"""One server for the tests of a module: what they deploy has one environment, made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.installation import Installation
from tests.support.server import SampleServer


@pytest.fixture(scope="module")
def shared_server(
    installation: Installation,
    packages: Path,
    seed: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> SampleServer:
    server = SampleServer(tmp_path_factory.mktemp("running"), [installation.directory], packages)
    server.environment["VIRTUALENV_OVERRIDE_APP_DATA"] = str(seed)
    server.environment["VIRTUALENV_NO_SETUPTOOLS"] = "1"
    return server


@pytest.fixture
def server(shared_server: SampleServer) -> Iterator[SampleServer]:
    """The server of the module; its settings are put back after the test."""
    yield shared_server
    shared_server.lines.clear()
