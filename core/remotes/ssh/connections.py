"""All connections of one command or of the interface, and the directory of their sockets."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TypeVar

from ...errors import RemoteError
from .connection import Connection
from .model import SshServer

T = TypeVar("T")

_LONGEST_DIRECTORY = 60
"""Bytes: a socket's path has 104 at most on some systems, and ssh adds 17 while it makes one."""


class Connections:
    """One connection for each server; close them, or use it in a ``with``. Thread-safe."""

    def __init__(self) -> None:
        base = tempfile.gettempdir()
        directory = tempfile.mkdtemp(
            prefix="ps-", dir=base if len(base) < _LONGEST_DIRECTORY else "/tmp"
        )
        self._directory = Path(directory)  # mkdtemp makes it 0700
        # A thread that waits for a server ends with the program, and closes nothing.
        self._remove = partial(shutil.rmtree, directory, ignore_errors=True)
        atexit.register(self._remove)
        self._lock = Lock()
        self._open: dict[SshServer, Connection] = {}

    def to(self, server: SshServer) -> Connection:
        with self._lock:
            if server not in self._open:
                socket = self._directory / str(len(self._open))
                self._open[server] = Connection(server, socket)
            return self._open[server]

    def close(self) -> None:
        """End all of them, at the same time."""
        with self._lock:
            connections = list(self._open.values())
            self._open.clear()
        if connections:
            with ThreadPoolExecutor(len(connections), thread_name_prefix="ssh-close") as pool:
                list(pool.map(Connection.close, connections))
        self._remove()
        atexit.unregister(self._remove)

    def __enter__(self) -> Connections:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def ask_all(
    servers: Iterable[SshServer], ask: Callable[[SshServer], T]
) -> Generator[tuple[SshServer, T | RemoteError]]:
    """Yield what each server answers as it does, or the RemoteError; all are asked at once.

    A thread each, which ends with the program: one that hangs holds up none of the others.
    """
    answers: SimpleQueue[tuple[SshServer, T | RemoteError | BaseException]] = SimpleQueue()

    def work(server: SshServer) -> None:
        try:
            answers.put((server, ask(server)))
        except RemoteError as problem:
            answers.put((server, problem))
        except BaseException as defect:  # handed to the caller's thread
            answers.put((server, defect))

    asked = list(servers)
    for server in asked:
        Thread(target=work, args=(server,), name=f"ssh-{server.name}", daemon=True).start()
    for _ in asked:
        server, found = answers.get()
        if isinstance(found, BaseException) and not isinstance(found, RemoteError):
            raise found
        yield server, found
