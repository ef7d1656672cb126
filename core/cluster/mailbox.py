"""How clients speak to a dispatcher: a socket in the state directory, for one user alone.

A request is one line of JSON; with a build comes the descriptor that holds the lock of its record,
so that the record counts as being worked on until the dispatcher lets go of it. Jobs may hold
passwords, and are never written to disk.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
from collections.abc import Generator, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from ..json_values import as_json, parse_json
from ..state import make_directory
from .target import ClusterTarget

_LARGEST = 64 * 1024 * 1024


class Request(NamedTuple):
    """What a client asks for: ``workers``, or ``build`` with the id of a record, its job as JSON,
    and the descriptor of its lock."""

    asks_for: str
    build: str = ""
    job: bytes = b""
    lock: int | None = None


def mailbox_name(target: ClusterTarget) -> str:
    """Return the name of the files of the dispatcher for a cluster, of this user."""
    what = json.dumps([os.geteuid(), as_json(target)]).encode()
    return blake2b(what, digest_size=8).hexdigest()


def mailbox_directory(state_dir: Path) -> Path:
    return make_directory(state_dir / "cluster")


class Mailbox:
    """The side of the dispatcher."""

    def __init__(self, listener: socket.socket, path: Path) -> None:
        self._listener, self._path = listener, path

    @staticmethod
    @contextlib.contextmanager
    def open(state_dir: Path, target: ClusterTarget) -> Generator[Mailbox | None]:
        """Open the mailbox; gives None where another process has it. Raises OSError."""
        directory, name = mailbox_directory(state_dir), mailbox_name(target)
        lock = os.open(directory / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield None
                return
            path = directory / f"{name}.sock"
            path.unlink(missing_ok=True)
            listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            with listener:
                mask = os.umask(0o177)
                try:
                    with _address(path) as address:
                        listener.bind(address)
                finally:
                    os.umask(mask)
                listener.listen(128)
                mailbox = Mailbox(listener, path)
                yield mailbox
                mailbox.close()
        finally:
            os.close(lock)

    def clients(self) -> Iterator[socket.socket]:
        """Yield each client that comes, until the mailbox is closed."""
        while True:
            try:
                client = self._listener.accept()[0]
            except OSError:
                return
            yield client

    def close(self) -> None:
        """Take no more requests: the next client starts another dispatcher."""
        self._path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)


def read_request(client: socket.socket) -> Request | None:
    """Return what a client asks for; None where it is another user's or went away."""
    uid = int.from_bytes(
        client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)[4:8], "little"
    )
    if uid != os.geteuid():
        return None
    client.settimeout(30)
    data, descriptors, _, _ = socket.recv_fds(client, 65536, 1)
    lock = descriptors[0] if descriptors else None
    parts = [data]
    size = len(data)
    while data and not data.endswith(b"\n") and size < _LARGEST:
        data = client.recv(1 << 20)
        parts.append(data)
        size += len(data)
    whole = b"".join(parts)
    if not whole.endswith(b"\n"):
        if lock is not None:
            os.close(lock)
        return None
    asked = parse_json(whole)
    job = json.dumps(asked.get("job")).encode()
    return Request(str(asked["asks-for"]), str(asked.get("build", "")), job, lock)


def reply(client: socket.socket, answer: Mapping[str, Any]) -> None:
    client.sendall(json.dumps(answer).encode() + b"\n")


def send_request(path: Path, request: Request) -> dict[str, Any]:
    """Send a request to a dispatcher and return its answer.

    Raises OSError where there is none, or it goes away.
    """
    head = {"asks-for": request.asks_for, "build": request.build}
    line = json.dumps(head).encode()[:-1] + b', "job": ' + (request.job.strip() or b"null") + b"}\n"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        with _address(path) as address:
            connection.connect(address)
        locks = [] if request.lock is None else [request.lock]
        sent = socket.send_fds(connection, [line], locks)
        connection.sendall(line[sent:])
        with connection.makefile("rb") as answers:
            answer = answers.readline(_LARGEST)
    if not answer.endswith(b"\n"):
        raise ConnectionResetError("the dispatcher has gone away")
    return parse_json(answer)


@contextlib.contextmanager
def _address(path: Path) -> Generator[str]:
    """Give a short name of a socket: its own may be longer than the 107 bytes of unix(7)."""
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)
