"""The builds of clients on one worker: begun, read while they run, cancelled."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from ..builds import Build, Record, build_as_json, build_lock, cancel_record, current_build
from ..errors import ClusterError, StewardError
from ..json_values import from_json, parse_json
from ..state import make_directory
from .local_build import bundle_of, find_record, receive_bundle, start_build
from .model import BuildOrder
from .record_reader import Piece, is_finished, read_piece

if TYPE_CHECKING:
    from distributed import Worker

    from ..server import Server

_PAUSE = 0.01  # seconds between two looks at a record
_LOOK = 0.5  # seconds between two looks whether its worker process lives
_FOR_BUNDLE = 300.0  # seconds
_LARGEST = 1 << 33  # bytes of a bundle


class BuildHost:
    """What this server does for clients. worker: dask's, through which it tells them."""

    worker: Worker

    def __init__(self, server: Server) -> None:
        self._server = server
        self._lacks: dict[str, BuildOrder] = {}  # by build: those whose bundle has not come
        self._problems: dict[str, str] = {}  # by build: why it could not begin

    @property
    def handlers(self) -> dict[str, Callable[..., Awaitable[Any]]]:
        """What clients may ask for, besides builds."""
        return {
            "pysteward_read": self.read,
            "pysteward_bundle": self.receive,
            "pysteward_cancel": self.cancel,
        }

    async def build(self, order: str) -> str:
        """Build, or take up what was begun already; see `tasks.run_build`."""
        asked = from_json(BuildOrder, parse_json(order.encode()))
        told = {"build": asked.build, "server": self.worker.name}
        self.worker.log_event(asked.topic, told)
        record = find_record(self._server, asked.build)
        if record is None:
            try:
                await self._bundle_for(asked)
                record = await asyncio.to_thread(start_build, self._server, asked)
            except (StewardError, OSError) as error:
                self._problems[asked.build] = str(error)
                return "failed"
        return (await self._ended(record)).outcome

    async def _bundle_for(self, order: BuildOrder) -> None:
        """Wait until the client has sent the bundle, if it is not here."""
        self._lacks[order.build] = order
        loop = asyncio.get_running_loop()
        give_up = loop.time() + _FOR_BUNDLE
        try:
            while bundle_of(self._server, order) is None:
                if loop.time() > give_up:
                    raise ClusterError("the bundle has not come", code="cluster-bundle")
                await asyncio.sleep(_PAUSE)
        finally:
            del self._lacks[order.build]

    async def _ended(self, record: Record) -> Build:
        """Wait for a build's end, also where its worker process is killed."""
        loop = asyncio.get_running_loop()
        next_look = loop.time() + _LOOK
        while not is_finished(record):
            if loop.time() >= next_look:
                next_look = loop.time() + _LOOK
                if not record.is_alive():
                    break
            await asyncio.sleep(_PAUSE)
        return await asyncio.to_thread(current_build, self._server.state_dir, record)

    async def read(self, build: str, log: int, events: int, wait: float) -> dict[str, Any]:
        """Return what has come into the record of a client's build.

        log, events: how much of its two files the client has. wait: seconds to wait for more.
        """
        until = asyncio.get_running_loop().time() + wait
        while True:
            if build in self._lacks and bundle_of(self._server, self._lacks[build]) is None:
                return {"state": "lacks-bundle"}
            if build in self._problems:
                return {"state": "refused", "why": self._problems[build]}
            record = find_record(self._server, build)
            piece = Piece() if record is None else read_piece(record, log, events)
            if record is not None and (piece.log or piece.events):
                return {"state": "running", "log": piece.log, "events": piece.events}
            if record is not None and not record.is_alive():
                ended = await asyncio.to_thread(current_build, self._server.state_dir, record)
                piece = read_piece(record, log, events)
                if not ended.is_running and not (piece.log or piece.events):
                    return _end(record, ended)
            elif record is not None and is_finished(record):
                return _end(record, record.read())
            if asyncio.get_running_loop().time() >= until:
                return {"state": "unknown" if record is None else "running"}
            await asyncio.sleep(_PAUSE)

    async def receive(self, build: str, offset: int, data: bytes, is_last: bool) -> str:
        """Take a piece of the bundle of a build that waits for it; they come in order.

        Returns ``more``, or ``not-needed`` where it is here already.
        """
        order = self._lacks.get(build)
        if order is None or bundle_of(self._server, order) is not None:
            return "not-needed"
        directory = make_directory(self._server.bundles)
        part = directory / f".bundle-{build}"
        flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if offset == 0 else 0)
        descriptor = os.open(part, flags, 0o600)
        try:
            if os.fstat(descriptor).st_size != offset or offset + len(data) > _LARGEST:
                raise ClusterError("the bundle came in pieces that do not fit")
            os.pwrite(descriptor, data, offset)
            if is_last:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if is_last:
            try:
                await asyncio.to_thread(receive_bundle, self._server, order, part)
            finally:
                with contextlib.suppress(FileNotFoundError):
                    part.unlink()
        return "more"

    async def cancel(self, build: str, by: str) -> bool:
        """Cancel a client's build in the name of a user; return whether it still ran."""
        record = find_record(self._server, build)
        if record is None:
            return False
        return await asyncio.to_thread(cancel_record, record, by)


def _end(record: Record, build: Build) -> dict[str, Any]:
    lock = build_lock(record)
    document = json.dumps(build_as_json(build))
    return {"state": "ended", "build": document, "lock": lock}
