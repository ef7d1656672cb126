"""Where environments are made: each at one server, which then has it for all who need it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class Homes:
    """The server of each environment that this dispatcher has had built."""

    def __init__(self) -> None:
        self._servers: dict[str, str] = {}
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @asynccontextmanager
    async def turn(self, environment: str) -> AsyncGenerator[None]:
        """Let the first build of an environment find a server; all others wait until it has ended.

        environment: its identity.
        """
        if environment not in self._servers:
            async with self._turns[environment]:
                if environment not in self._servers:
                    yield
                    return
        yield

    def server_of(self, environment: str) -> str | None:
        return self._servers.get(environment)

    def settle(self, environment: str, server: str) -> None:
        """A build of the environment has ended there."""
        self._servers[environment] = server

    def forget(self, environment: str, server: str) -> None:
        """That server is gone: another one may take over."""
        if self._servers.get(environment) == server:
            del self._servers[environment]
