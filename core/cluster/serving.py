"""What scheduler and worker share: they run until a signal, and say why they cannot listen."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Generator

from ..errors import ClusterError

_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Ending:
    """Whether this process has been told to end; made in its event loop."""

    def __init__(self) -> None:
        self._told = asyncio.Event()
        for number in _SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, self._told.set)

    async def comes_before(self, awaited: Awaitable[object]) -> bool:
        """Wait for something; return whether this process is told to end before that.

        What it raises is raised here, too.
        """
        work = asyncio.ensure_future(awaited)
        told = asyncio.ensure_future(self._told.wait())
        try:
            await asyncio.wait((work, told), return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
            return self._told.is_set()
        finally:
            told.cancel()
            work.cancel()


@contextlib.contextmanager
def listen_errors(host: str, port: int) -> Generator[None]:
    """Turn what dask raises where it cannot listen into an error of ours (``cluster-listen``)."""
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:
        cause = error.__cause__ or error
        raise ClusterError(
            f"cannot listen on {host}:{port}: {cause}", code="cluster-listen"
        ) from None
