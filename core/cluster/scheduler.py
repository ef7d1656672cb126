"""dask's scheduler, as builds need it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from distributed import Scheduler
from distributed.utils import NoOpAwaitable

from .dask_setup import configure, is_peer, security_of
from .serving import Ending, listen_errors
from .target import Certificates


class BuildScheduler(Scheduler):
    """Refuses peers that are not named, and never gives a build to another worker by itself."""

    def __init__(self, certificates: Certificates | None, **options: Any) -> None:
        self._certificates = certificates
        super().__init__(  # pyright: ignore[reportUnknownMemberType] - typed in part only
            security=security_of(certificates),
            dashboard=False,
            dashboard_address="127.0.0.1:0",
            **options,
        )

    def handle_comm(self, comm: Any) -> Any:
        if not is_peer(comm, self._certificates):
            comm.abort()
            return NoOpAwaitable()
        return super().handle_comm(comm)

    async def remove_worker(self, address: str, **options: Any) -> Any:
        # A worker that leaves in order leaves builds behind, too: the client hears of each.
        options["expected"] = False
        return await super().remove_worker(address, **options)


def run_scheduler(
    certificates: Certificates | None,
    host: str,
    port: int,
    started: Callable[[str], object],
) -> None:
    """Run a scheduler until it is told to end.

    port: 0 takes any. started: gets the address once it listens.
    Raises: ClusterError (``cluster-listen``).
    """
    configure()
    asyncio.run(_run(certificates, host, port, started))


async def _run(
    certificates: Certificates | None, host: str, port: int, started: Callable[[str], object]
) -> None:
    ending = Ending()
    protocol = "tcp" if certificates is None else "tls"
    with listen_errors(host, port):
        scheduler = BuildScheduler(certificates, host=host, port=port, protocol=protocol)
        await scheduler
    try:
        started(scheduler.address)
        await ending.comes_before(scheduler.finished())
    finally:
        await scheduler.close()
