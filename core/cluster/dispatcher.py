"""The process that hands builds over: ``python -m pysteward.core.cluster.dispatcher STATE_DIR``.

It has a session of its own, so it goes on when its client goes away. It alone holds the connection
to the scheduler: importing dask and a TLS handshake cost more than most builds, and one process
serves all builds of a state directory. It ends when there is nothing to do.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from ..builds import BuildJob, Record
from ..json_values import JsonError, as_json, from_json, parse_json
from ..processes import call_itself
from .courier import Courier
from .dask_setup import configure
from .homes import Homes
from .hub import Hub
from .mailbox import Mailbox, Request, read_request, reply
from .target import ClusterTarget

_IDLE = 20.0  # seconds without a build or a question, after which it ends
_FIRST_ANSWER = 15.0  # seconds for the scheduler, before a client is told that there is none
_PAUSE = 0.1  # seconds between two looks of a build that waits; more where there are many
_LOOKS = 5000  # of all builds in a second

T = TypeVar("T")


class Dispatcher:
    """Carries the builds of one state directory to one cluster."""

    def __init__(self, state_dir: Path, target: ClusterTarget) -> None:
        self._state_dir = state_dir
        self._hub, self._homes = Hub(target), Homes()
        self._couriers: set[asyncio.Task[None]] = set()
        self._last_use = 0.0

    async def work(self, mailbox: Mailbox) -> None:
        """Do what clients ask for, until there has been nothing to do for some time."""
        loop = asyncio.get_running_loop()
        self._last_use = loop.time()
        threading.Thread(target=self._receive, args=(mailbox, loop), daemon=True).start()
        connection = asyncio.ensure_future(self._hub.run())
        try:
            while self._couriers or loop.time() - self._last_use < _IDLE:
                await asyncio.sleep(0.2)
                if self._couriers:
                    self._last_use = loop.time()
            mailbox.close()
        finally:
            connection.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await connection

    def _receive(self, mailbox: Mailbox, loop: asyncio.AbstractEventLoop) -> None:
        for client in mailbox.clients():
            threading.Thread(target=self._serve, args=(client, loop), daemon=True).start()

    def _serve(self, client: socket.socket, loop: asyncio.AbstractEventLoop) -> None:
        """Answer one client."""
        with client, contextlib.suppress(OSError):
            request = read_request(client)
            if request is None:
                return
            try:
                answer = asyncio.run_coroutine_threadsafe(self._answer(request), loop).result()
            except (JsonError, OSError, RuntimeError) as error:
                answer = {"problem": str(error)}
            reply(client, answer)

    async def _answer(self, request: Request) -> dict[str, Any]:
        self._last_use = asyncio.get_running_loop().time()
        if request.asks_for == "workers":
            return await self._workers()
        assert request.lock is not None
        directory = self._state_dir / "builds" / Path(request.build).name
        job = from_json(BuildJob, parse_json(request.job))
        pause = max(_PAUSE, len(self._couriers) / _LOOKS)
        courier = Courier(self._hub, self._homes, Record(directory), request.lock, job, pause)
        self._keep(courier.carry())
        return {}

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._couriers.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._couriers.discard(task)
        if not task.cancelled() and (problem := task.exception()) is not None:
            traceback.print_exception(problem)  # into the dispatcher's log

    async def _workers(self) -> dict[str, Any]:
        """Return what the workers announce, as soon as that is known."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._hub.has_looked.wait(), _FIRST_ANSWER)
        if self._hub.problem is not None:
            return {"problem": self._hub.problem}
        return {"workers": [as_json(each) for each in self._hub.announcements]}


def main(arguments: list[str]) -> int:
    state_dir = Path(arguments[0])
    with open(0, "rb", closefd=False) as stream:
        target = from_json(ClusterTarget, parse_json(stream.read()))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    call_itself("pysteward-disp")
    # Each build that waits holds the lock of its record: thousands may wait.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    configure()
    with Mailbox.open(state_dir, target) as mailbox:
        if mailbox is not None:  # else another one is at work
            asyncio.run(Dispatcher(state_dir, target).work(mailbox))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
