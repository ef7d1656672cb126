"""A cluster as a place to build at: what a client sees of it. It does not import dask."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..builds import Record
from ..errors import ClusterError
from ..json_values import as_json, from_json
from ..state import open_file
from .mailbox import Request, mailbox_directory, mailbox_name, send_request
from .model import Announcement, known_installations
from .target import ClusterTarget

if TYPE_CHECKING:
    from ..installations import Installation
    from ..server import Server

_START = 60.0  # seconds for a dispatcher to open its mailbox
_PAUSE = 0.02


class ClusterPlaces:
    """The cluster that builds of one server are sent to."""

    def __init__(self, server: Server, target: ClusterTarget) -> None:
        self._server, self.target = server, target

    @cached_property
    def workers(self) -> tuple[Announcement, ...]:
        """What the workers announce now.

        Raises: ClusterError (``cluster-unreachable``) where the scheduler does not answer.
        """
        answer = self._ask(Request("workers"))
        if "problem" in answer:
            raise ClusterError(
                f"the cluster {self.target.address} does not answer: {answer['problem']}",
                code="cluster-unreachable",
            )
        found = answer.get("workers")
        return from_json(tuple[Announcement, ...], found)

    def installations(self) -> tuple[Installation, ...]:
        """Return the Pythons of all workers. Raises ClusterError."""
        return known_installations(self.workers)

    def launcher(self, record: Record, lock: int) -> ClusterLauncher:
        return ClusterLauncher(self, record, lock)

    def hand_over(self, record: Record, lock: int, job: bytes) -> None:
        """Hand a build to the dispatcher. Raises ClusterError."""
        answer = self._ask(Request("build", record.id, job, lock))
        if "problem" in answer:
            raise ClusterError(f"the build was not taken: {answer['problem']}")

    def _ask(self, request: Request) -> dict[str, object]:
        self._server.prepare_state()
        path = mailbox_directory(self._server.state_dir) / f"{mailbox_name(self.target)}.sock"
        give_up = time.monotonic() + _START
        dispatcher: subprocess.Popen[bytes] | None = None
        while True:
            with contextlib.suppress(ConnectionError, FileNotFoundError):
                return send_request(path, request)
            if dispatcher is None or dispatcher.poll() == 0:
                dispatcher = self._start(path.with_suffix(".log"))
            if dispatcher.poll() is not None or time.monotonic() > give_up:
                raise ClusterError(
                    "builds cannot be sent to the cluster: the dispatcher does not start",
                    code="cluster-dispatcher",
                    file=path.with_suffix(".log"),
                )
            time.sleep(_PAUSE)

    def _start(self, log: Path) -> subprocess.Popen[bytes]:
        module = f"{__package__}.dispatcher"
        output = open_file(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", module, str(self._server.state_dir)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=output,
                cwd="/",
                start_new_session=True,
            )
        finally:
            os.close(output)
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError), process.stdin as stream:
            stream.write(json.dumps(as_json(self.target)).encode())
        return process


class ClusterLauncher:
    """A build's way to the cluster, used as `LocalLauncher` is."""

    def __init__(self, places: ClusterPlaces, record: Record, lock: int) -> None:
        self._places, self._record, self._lock = places, record, lock

    def __enter__(self) -> ClusterLauncher:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def start(self) -> None:
        """The dispatcher runs already: it was asked for the Pythons."""

    def give(self, job: bytes) -> None:
        """Hand over the job; from now on the dispatcher holds the record's lock. Raises
        ClusterError."""
        self._places.hand_over(self._record, self._lock, job)
