"""One cluster for all tests: a scheduler and two workers, `one` and `two`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.clusters import SampleCluster, running
from tests.support.installation import Installation
from tests.support.server import SampleServer


@dataclass
class Servers:
    """cluster: what runs. here: the server whose builds are sent to it; it has no Python of its
    own. there: those that build, by name."""

    cluster: SampleCluster
    here: SampleServer
    there: dict[str, SampleServer]


@pytest.fixture(scope="session")
def servers(
    installation: Installation,
    packages: Path,
    seed: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Servers]:
    directory = tmp_path_factory.mktemp("cluster")

    def make(name: str, *pythons: Path) -> SampleServer:
        (directory / name).mkdir()
        server = SampleServer(directory / name, list(pythons), packages)
        server.environment["VIRTUALENV_OVERRIDE_APP_DATA"] = str(seed)
        server.environment["VIRTUALENV_NO_SETUPTOOLS"] = "1"
        return server

    with running(directory / "parts") as cluster:
        there = {name: make(name, installation.directory) for name in ("one", "two")}
        for name, server in there.items():
            cluster.start_worker(name, server)
        yield Servers(cluster, make("here"), there)
