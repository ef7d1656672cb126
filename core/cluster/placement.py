"""How a build gets a server: one that has exactly its Python, and a free place."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from distributed.scheduler import KilledWorker

from ..builds import BuildJob, BuildResult, Python, Record, build_as_json
from ..bundles import stored_bundle
from ..environments import platform_name
from ..errors import ClusterError
from ..json_values import as_json
from .homes import Homes
from .hub import Hub, Unreachable
from .model import PLACE, BuildOrder, resource_for, server_resource


class BuildOver(Exception):
    """A build ends here, without a server's word. result: how."""

    def __init__(self, result: BuildResult) -> None:
        super().__init__(result.outcome)
        self.result = result


def interrupted(why: str) -> BuildOver:
    return BuildOver(BuildResult("interrupted", (f"pysteward: build interrupted: {why}",)))


class Placement:
    """Finds servers for one build, one after the other.

    job: as it was handed over. preface: the log before the first server had it. check: raises
    `BuildOver` where the build was cancelled. pause: seconds between two looks.
    """

    def __init__(
        self,
        hub: Hub,
        homes: Homes,
        record: Record,
        job: BuildJob,
        preface: str,
        check: Callable[[], object],
        pause: float,
    ) -> None:
        self._hub, self._homes = hub, homes
        self._record, self._job, self._preface = record, job, preface
        self._check, self._pause = check, pause
        self._build = record.read()
        assert self._build.python is not None
        self._python: Python = self._build.python
        self._future: Any = None  # dask's
        self._epoch = -1
        self._missing_since: float | None = None

    @property
    def environment(self) -> str:
        """The identity of the environment."""
        return (self._job.base or self._job.path).name

    async def find(self) -> str:
        """Return the name of the server that has taken the build. Raises: BuildOver, ClusterError
        where no server can run what it is given."""
        self.drop()
        with self._hub.expected(self._record.id) as taken:
            while not taken.done():
                self._check()
                if self._future is not None and self._future.status == "error":
                    await self._raise_refusal(self._future)
                self._offer()
                await asyncio.wait((taken,), timeout=self._pause)
            server = taken.result()
        self._hub.keep(self._record.id, server)
        return server

    def drop(self) -> None:
        """Let dask forget the build, so that it never makes it again by itself."""
        if self._future is not None:
            self._future.release()
            self._future = None

    def _offer(self) -> None:
        """Give dask the build, unless it has it, or none could take it."""
        if self._hub.problem is not None:
            self._future = None
            self._wait_for(f"the scheduler does not answer: {self._hub.problem}")
            return
        resources = self._resources()
        if resources is None:
            self.drop()
            self._wait_for(f"no server of the cluster has Python {self._python.version}")
            return
        self._missing_since = None
        if self._epoch != self._hub.epoch:
            self._future = None  # it was of a connection that is lost
        if self._future is not None and self._future.status == "pending":
            return
        self._epoch = self._hub.epoch
        key = f"build-{self._record.id}-{os.urandom(4).hex()}"
        try:
            self._future = self._hub.submit(self._order(), key, resources)
        except Unreachable:
            self._future = None

    async def _raise_refusal(self, future: Any) -> None:
        """Raises: ClusterError, unless it was only a server that has gone before it began."""
        problem = await future.exception()
        if problem is not None and not isinstance(problem, KilledWorker):
            raise ClusterError(
                f"a server of the cluster refuses the build: {problem}", code="cluster-order"
            )

    def _wait_for(self, why: str) -> None:
        now = time.monotonic()
        self._missing_since = self._missing_since or now
        if now - self._missing_since > self._hub.wait:
            raise interrupted(f"{why}; waited {self._hub.wait:.0f} seconds")

    def _resources(self) -> dict[str, float] | None:
        """Return what a server must have; None where no server has it."""
        workers = self._hub.announcements
        python = self._python
        name = resource_for(python.version, python.executable, platform_name(), workers)
        if name is None:
            return None
        found = {PLACE: 1.0, name: 1.0}
        home = self._homes.server_of(self.environment)
        if home is not None and any(
            each.name == home and name in each.resources for each in workers
        ):
            found[server_resource(home)] = 1.0
        return found

    def _order(self) -> str:
        bundle = self._stored()
        order = BuildOrder(
            build=self._record.id,
            document=json.dumps(build_as_json(self._build)),
            preface=self._preface,
            # How a server reaches an index is its own matter, and may hold passwords.
            job=replace(self._job, build_environment={}, on_finish=()),
            bundle_name=Path(self._build.asked.bundle).name,
            bundle_size=bundle.stat().st_size,
            suffix=".tar" if bundle.suffix == ".tar" else ".tar.gz",
            topic=self._hub.topic,
        )
        return json.dumps(as_json(order))

    def _stored(self) -> Path:
        bundle = stored_bundle(self._record.state_dir, self._build.asked.digest)
        if bundle is None:
            raise ClusterError("the bundle is not kept any more", code="cluster-bundle")
        return bundle
