"""One build on its way: given to a server, followed there, and written into its record here."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import time
from typing import Any

from ..builds import (
    BuildJob,
    BuildResult,
    Record,
    RecordWriter,
    build_from_json,
    run_on_finish,
)
from ..bundles import stored_bundle
from ..errors import ClusterError, StewardError
from ..file_io import read_regular
from .homes import Homes
from .hub import Hub, Unreachable
from .mirror import Mirror
from .placement import BuildOver, Placement, interrupted

_READ = 1.0  # seconds that a server may wait for news of a build
_PAUSE = 0.1  # seconds between two looks whether a build was cancelled
_GRACE = 5.0  # seconds for a server that is lost to come back before its build goes elsewhere
_PIECE = 1024 * 1024  # bytes of a bundle in one message
_LARGEST_LOG = 1 << 30


class Courier:
    """job: as it was handed over. lock: the descriptor that holds the record's lock; it is closed
    at the end. pause: seconds between two looks while the build has no server."""

    def __init__(
        self, hub: Hub, homes: Homes, record: Record, lock: int, job: BuildJob, pause: float
    ) -> None:
        self._hub, self._homes, self._record = hub, homes, record
        self._lock, self._job, self._pause = lock, job, pause
        self._lost: str | None = None
        self._mirrors: dict[str, Mirror] = {}

    async def carry(self) -> None:
        """Have the build made, and its record written to its end, whatever happens."""
        environment = (self._job.base or self._job.path).name
        outcome = "interrupted"
        try:
            async with self._homes.turn(environment):
                outcome = await self._until_over(environment)
        finally:
            os.close(self._lock)
            run_on_finish(
                *(self._job.on_finish, "build", self._record.id, outcome),
                output=self._record.directory,
            )

    async def _until_over(self, environment: str) -> str:
        """Return the outcome."""
        preface = read_regular(self._record.log, _LARGEST_LOG)
        placement = Placement(
            *(self._hub, self._homes, self._record, self._job),
            *(preface.decode("utf-8", "replace"), self._check_cancelled, self._pause),
        )
        with contextlib.ExitStack() as stack:
            stack.callback(placement.drop)
            server: str | None = None
            try:
                # Files are opened once there is something to write: thousands of builds may wait.
                server = await placement.find()
                writer = stack.enter_context(contextlib.closing(self._writer()))
                while not await self._follow(server, writer, len(preface)):
                    self._lose(server, environment, writer)
                    server = await placement.find()
                self._homes.settle(environment, server)
                return writer.build.outcome
            except BuildOver as end:
                return self._end(end.result)
            except (OSError, StewardError) as error:
                return self._end(BuildResult("failed", (f"pysteward: {error}",)))

    def _writer(self) -> RecordWriter:
        return RecordWriter(self._record, self._record.read())

    def _end(self, result: BuildResult) -> str:
        with contextlib.closing(self._writer()) as writer:
            return writer.finish(result).outcome

    def _check_cancelled(self) -> None:
        """Raises: BuildOver where the build was cancelled before a server had it."""
        if self._record.cancellation.exists():
            words = f"pysteward: build cancelled by {self._canceller()}"
            raise BuildOver(BuildResult("cancelled", (words,)))

    def _canceller(self) -> str:
        try:
            text = read_regular(self._record.cancellation, 4096).decode("utf-8", "replace")
        except OSError:
            return "somebody"
        return text.partition("\n")[0][:200].strip() or "somebody"

    def _lose(self, server: str, environment: str, writer: RecordWriter) -> None:
        """Note that a server is gone. Raises: BuildOver where it is not the first."""
        self._hub.abandon(self._record.id, server)
        self._homes.forget(environment, server)
        if self._lost is not None:
            raise interrupted(f"server {server} is gone, and {self._lost} was before")
        self._lost = server
        words = f"server {server} is gone: the build was interrupted and is given to another"
        writer.log(f"pysteward: {words}\n")
        writer.notice(words)

    async def _follow(self, server: str, writer: RecordWriter, preface: int) -> bool:
        """Write what a server does until the build has ended; return whether it has.

        False: the server is gone. A scheduler that is gone is waited for. Raises: BuildOver.
        """
        writer.log(f"Given to server {server}\n")
        writer.update(server=server)
        writer.save()
        mirror = self._mirrors.setdefault(server, Mirror(writer, preface))
        cancelling = asyncio.ensure_future(self._pass_cancellation(server))
        silent_since: float | None = None
        try:
            while True:
                try:
                    answer = await self._hub.ask(
                        server,
                        "pysteward_read",
                        wait=_READ,
                        more={"build": self._record.id, "log": mirror.log, "events": mirror.events},
                    )
                except Unreachable:
                    silent_since = silent_since or time.monotonic()
                    if self._is_given_up(server, time.monotonic() - silent_since):
                        return False
                    await asyncio.sleep(_PAUSE)
                    continue
                if answer["state"] == "unknown" and silent_since is not None:
                    return False  # it has come back without the build
                silent_since = None
                if await self._take(answer, server, mirror, writer):
                    return True
        finally:
            cancelling.cancel()

    def _is_given_up(self, server: str, seconds: float) -> bool:
        """Return whether a server that is silent for so long is gone. Raises: BuildOver."""
        problem = self._hub.problem
        if problem is None:
            return server not in self._hub.members and seconds > _GRACE
        if seconds > self._hub.wait:
            raise interrupted(f"the scheduler does not answer: {problem}")
        return False

    async def _take(
        self, answer: dict[str, Any], server: str, mirror: Mirror, writer: RecordWriter
    ) -> bool:
        """Do what an answer asks for; return whether the build has ended."""
        state = answer["state"]
        if state == "lacks-bundle":
            await self._send_bundle(server, writer.build.asked.digest)
        elif state == "refused":
            raise ClusterError(f"server {server}: {answer['why']}", code="cluster-order")
        elif state == "ended":
            document = json.loads(answer["build"])
            made = build_from_json(document, self._record.directory)
            writer.finish_as(made, answer["lock"])
            return True
        elif "log" in answer:
            mirror.write(answer["log"], answer["events"])
        return False

    async def _pass_cancellation(self, server: str) -> None:
        """Have the server end the build, once it is cancelled here."""
        while not self._record.cancellation.exists():
            await asyncio.sleep(_PAUSE)
        while True:
            with contextlib.suppress(Unreachable, StewardError):
                asked = {"build": self._record.id, "by": self._canceller()}
                if await self._hub.ask(server, "pysteward_cancel", more=asked):
                    return
            await asyncio.sleep(_PAUSE)

    async def _send_bundle(self, server: str, digest: str) -> None:
        """Send the bundle in pieces; others may send the same, and the first is taken."""
        bundle = stored_bundle(self._record.state_dir, digest)
        if bundle is None:
            raise ClusterError("the bundle is not kept any more", code="cluster-bundle")
        size = bundle.stat().st_size
        with open(bundle, "rb") as file, contextlib.suppress(Unreachable):
            offset = 0
            while True:
                data = await asyncio.to_thread(file.read, _PIECE)
                is_last = offset + len(data) >= size
                piece = {"offset": offset, "data": data, "is_last": is_last}
                asked = {"build": self._record.id, **piece}
                answer = await self._hub.ask(server, "pysteward_bundle", more=asked)
                offset += len(data)
                if is_last or answer != "more" or not data:
                    return
