"""dask's worker, as builds need it: each build is a process of its own, which this one outlives."""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from distributed import Worker
from distributed.comm.addressing import get_address_host
from distributed.utils import NoOpAwaitable, get_ip

from ..environments import platform_name
from ..json_values import as_json
from .build_host import BuildHost
from .dask_setup import configure, is_peer, security_of
from .model import Announcement
from .serving import Ending, listen_errors
from .target import Certificates
from .tasks import serve

if TYPE_CHECKING:
    from ..server import Server

_AGAIN = 1.0  # seconds between two attempts to reach a scheduler that is gone


class BuildWorker(Worker):
    """Refuses peers that are not named; tells what its server has, and what its builds do."""

    def __init__(
        self,
        scheduler: str,
        builds: BuildHost,
        announcement: Announcement,
        certificates: Certificates | None,
        **options: Any,
    ) -> None:
        self._certificates = certificates
        text = json.dumps(as_json(announcement))  # msgpack knows no lists
        super().__init__(  # pyright: ignore[reportUnknownMemberType] - typed in part only
            scheduler,
            name=announcement.name,
            nthreads=announcement.places,
            resources=announcement.resources,
            startup_information={"pysteward": lambda _: text},
            security=security_of(certificates),
            dashboard=False,
            dashboard_address="127.0.0.1:0",
            memory_limit=0,
            protocol="tcp" if certificates is None else "tls",
            **options,
        )
        self.handlers.update(builds.handlers)  # pyright: ignore[reportUnknownMemberType]

    def handle_comm(self, comm: Any) -> Any:
        if not is_peer(comm, self._certificates):
            comm.abort()
            return NoOpAwaitable()
        return super().handle_comm(comm)


def announce(server: Server, name: str, places: int | None = None) -> Announcement:
    """Return what this server offers a cluster. places: None: as ``parallel-builds`` says."""
    from .. import __version__

    return Announcement(
        name=name,
        version=__version__,
        platform=platform_name(),
        places=places or server.settings.parallel_builds,
        state_dir=str(server.state_dir),
        installations=server.analysis().installations,
    )


def run_worker(
    server: Server,
    scheduler: str,
    announcement: Announcement,
    certificates: Certificates | None,
    host: str | None,
    told: Callable[[str], object],
) -> None:
    """Run a worker until it is told to end; it looks for its scheduler for as long as it lives.

    host: the address that it listens on; None: the one that leads to the scheduler.
    told: gets a sentence whenever it has joined, or lost its scheduler.
    Raises: ClusterError (``cluster-listen``, ``cluster-tls``).
    """
    configure()
    asyncio.run(_run(server, scheduler, announcement, certificates, host, told))


async def _run(
    server: Server,
    scheduler: str,
    announcement: Announcement,
    certificates: Certificates | None,
    host: str | None,
    told: Callable[[str], object],
) -> None:
    # Without an address dask listens on all of them.
    listens_on = host or str(get_ip(get_address_host(scheduler)))
    ending = Ending()
    builds = BuildHost(server)
    serve(builds)
    with tempfile.TemporaryDirectory(prefix="pysteward-") as directory:
        while True:
            worker = BuildWorker(
                scheduler,
                builds,
                announcement,
                certificates,
                host=listens_on,
                local_directory=directory,
            )
            builds.worker = worker
            told(f"{announcement.name}: looking for {scheduler}")
            try:
                with listen_errors(listens_on, 0):
                    is_told = await ending.comes_before(worker.start())
                if not is_told:
                    told(f"{announcement.name}: joined, {announcement.places} builds at once")
                    is_told = await ending.comes_before(worker.finished())
            finally:
                with contextlib.suppress(Exception):  # who would hear why is gone
                    await worker.close(timeout=2, executor_wait=False, nanny=False)
            if is_told or await ending.comes_before(asyncio.sleep(_AGAIN)):
                return
            told(f"{announcement.name}: the scheduler is gone; builds go on")
