"""The dispatcher's connection to its scheduler: who is there, who is asked, who came back."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections import defaultdict
from collections.abc import Generator, Mapping
from typing import Any

from distributed import Client

from ..errors import ClusterError
from ..frozen import frozen
from ..json_values import JsonError, from_json, parse_json
from .dask_setup import is_peer, security_of
from .model import Announcement
from .target import ClusterTarget
from .tasks import run_build

_CONNECT = 10.0  # seconds for one attempt
_LOOK = 0.5  # seconds between two looks at who is there
_PATIENCE = 15.0  # seconds for an answer, besides what was asked to wait


class Unreachable(Exception):
    """A server of the cluster, or its scheduler, does not answer now."""


@frozen
class Member:
    """A worker that the scheduler knows. address: dask's."""

    address: str
    announcement: Announcement


class Hub:
    """One connection, made again whenever it is lost.

    members: the workers by name, as of the last look. epoch: differs after each new connection.
    problem: why there is no connection; None while there is one.
    """

    def __init__(self, target: ClusterTarget) -> None:
        self._target = target
        self._client: Any = None  # dask's, which is typed in part only
        self._topic = f"pysteward-{os.urandom(8).hex()}"
        self._abandoned: dict[str, set[str]] = defaultdict(set)
        self._taken: dict[str, asyncio.Future[str]] = {}
        self.members: dict[str, Member] = {}
        self.epoch = 0
        self.problem: str | None = "it has not answered yet"
        self.has_looked = asyncio.Event()

    @property
    def topic(self) -> str:
        """Where workers tell that they have taken a build."""
        return self._topic

    @property
    def wait(self) -> float:
        """Seconds that a build waits for what is lost."""
        return self._target.wait

    @property
    def announcements(self) -> tuple[Announcement, ...]:
        return tuple(member.announcement for member in self.members.values())

    async def run(self) -> None:
        """Stay connected; ends only by cancellation."""
        try:
            while True:
                try:
                    await self._connect()
                    while True:
                        await self._look()
                        await self._clear_abandoned()
                        await asyncio.sleep(_LOOK)
                except (OSError, asyncio.TimeoutError, RuntimeError, ClusterError) as error:
                    self.problem = str(error) or "no answer"
                    self.members = {}
                    self.has_looked.set()
                    await self._disconnect()
                    await asyncio.sleep(_LOOK)
        finally:
            await self._disconnect()

    async def _connect(self) -> None:
        certificates = self._target.certificates
        client: Any = Client(
            self._target.address,
            security=security_of(certificates),
            asynchronous=True,
            timeout=_CONNECT,
            set_as_default=False,
            direct_to_workers=False,
            name="pysteward",
        )
        self._client = client
        await client
        comm = client.scheduler_comm
        if comm is None or not is_peer(comm.comm, certificates):
            raise ClusterError("its certificate has none of the names in cluster-peers")
        client.subscribe_topic(self._topic, self._hear)
        self.epoch += 1

    async def _disconnect(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(Exception):  # it is gone; what was left of it is dropped
                await client.close(timeout=1)

    async def _look(self) -> None:
        """Learn who is there. Raises OSError, TimeoutError where the scheduler does not answer."""
        client = self._client
        if client is None or client.status != "running":
            raise OSError("the connection is lost")
        seen = await asyncio.wait_for(client.scheduler.identity(), _PATIENCE)
        members: dict[str, Member] = {}
        for address, told in seen["workers"].items():
            with contextlib.suppress(JsonError):  # a dask worker that is not one of ours
                text = str(told.get("pysteward", ""))
                announced = from_json(Announcement, parse_json(text.encode()))
                members[announced.name] = Member(address, announced)
        self.members, self.problem = members, None
        self.has_looked.set()

    async def ask(
        self, server: str, question: str, *, more: Mapping[str, Any], wait: float | None = None
    ) -> Any:
        """Ask a worker through the scheduler, so that only that must be reached from here.

        wait: seconds that the worker may wait for news. Raises: Unreachable; StewardError as the
        worker raises it.
        """
        member, client = self.members.get(server), self._client
        if member is None or client is None:
            raise Unreachable
        message = {"op": question, **more, **({} if wait is None else {"wait": wait})}
        try:
            asked = client.scheduler.proxy(msg=message, worker=member.address)
            return await asyncio.wait_for(asked, (wait or 0.0) + _PATIENCE)
        except (OSError, asyncio.TimeoutError, KeyError, RuntimeError) as error:
            raise Unreachable from error

    def submit(self, order: str, key: str, resources: dict[str, float]) -> Any:
        """Give dask a build; return its future. Raises: Unreachable."""
        if self._client is None or self.problem is not None:
            raise Unreachable
        return self._client.submit(
            run_build, order, key=key, resources=resources, pure=False, retries=0
        )

    @contextlib.contextmanager
    def expected(self, build: str) -> Generator[asyncio.Future[str]]:
        """Give what will hold the name of the server that takes a build."""
        future = self._taken[build] = asyncio.get_running_loop().create_future()
        try:
            yield future
        finally:
            del self._taken[build]

    def _hear(self, event: tuple[float, Any]) -> None:
        """A worker has taken a build."""
        told = event[1]
        build, server = str(told.get("build")), str(told.get("server"))
        waiting = self._taken.get(build)
        if waiting is None:
            self.abandon(build, server)  # dask has lost the result of one that is over
        elif not waiting.done():
            waiting.set_result(server)

    def abandon(self, build: str, server: str) -> None:
        """Have a build ended on a server as soon as that answers; it is made elsewhere."""
        self._abandoned[server].add(build)

    def keep(self, build: str, server: str) -> None:
        """A build that was lost is this server's again."""
        self._abandoned[server].discard(build)

    async def _clear_abandoned(self) -> None:
        for server, builds in list(self._abandoned.items()):
            for build in list(builds):
                with contextlib.suppress(Unreachable):
                    asked = {"build": build, "by": "the cluster"}
                    await self.ask(server, "pysteward_cancel", more=asked)
                    builds.discard(build)
