"""One server's connection: `ssh` opens it once, and every command goes through it.

The master connection is a child of this program and ends with it (ControlPersist is off). BatchMode
forbids every question, so no password is asked for. The deadline is over the whole answer:
ConnectTimeout does not help against a host that hangs after the key exchange.
"""

from __future__ import annotations

import os
import re
import secrets
import shlex
import time
from pathlib import Path
from threading import Lock

from ...errors import RemoteError
from ...frozen import frozen
from ...processes import Command, Companion, run_one
from ...secrets import mask_secrets
from .model import SshServer

MOST_BYTES = 64 * 1024 * 1024
"""Of one answer."""

NOT_FOUND = 127
"""The exit status of a shell for a command that is not there (POSIX, 2.8.2)."""

_LOOK_AGAIN = 0.01  # seconds between two looks for the socket
_GOODBYE = 2.0  # seconds for ending a connection
_OPTIONS = {
    "BatchMode": "yes",
    "ControlPersist": "no",
    "ClearAllForwardings": "yes",
    "EscapeChar": "none",
    "ForwardX11": "no",
    "LogLevel": "ERROR",
    "PermitLocalCommand": "no",
    "RemoteCommand": "none",
    "RequestTTY": "no",
    "ServerAliveInterval": "5",
    "ServerAliveCountMax": "2",
}


@frozen
class Answer:
    """What a command wrote there, between the marks. status: its exit status; None where it was
    ended at the deadline."""

    output: bytes
    status: int | None
    complaints: str


class Connection:
    """The connection to one server; opened by the first command. Thread-safe.

    socket: the path of the control socket, in a directory of this user alone.
    """

    def __init__(self, server: SshServer, socket: Path) -> None:
        self.server = server
        self._socket = socket
        self._lock = Lock()
        self._master: Companion | None = None

    def call(self, arguments: list[str], seconds: float) -> Answer:
        """Run pysteward there. Raises RemoteError."""
        return self.run(shlex.join((*self.server.command, *arguments)), seconds)

    def run(self, command: str, seconds: float) -> Answer:
        """Run a command of `sh` there. seconds: until the whole answer. Raises RemoteError.

        A deadline that passes is an error, whatever was written until then.
        """
        mark = secrets.token_hex(12)
        begin, end = mark, mark[::-1]
        script = f"printf '\\n%s\\n' {begin}; {command}; printf '\\n%s %s %s\\n' {end} $? {begin}"
        return self._ask(f"sh -c {shlex.quote(script)}", b"", mark, seconds)

    def feed(self, script: str, seconds: float, *, mark: str) -> Answer:
        """Have `sh` read a script; what it wrote until the deadline counts. Raises RemoteError.

        The script writes the marks itself, see `marked`.
        """
        return self._ask("sh -s", script.encode(), mark, seconds, is_partial=True)

    def _ask(
        self, command: str, given: bytes, mark: str, seconds: float, *, is_partial: bool = False
    ) -> Answer:
        deadline = time.monotonic() + seconds
        self._open(deadline, seconds)
        begin, end = mark.encode(), mark[::-1].encode()
        argv = (*self._ssh("-o", "ControlMaster=no"), "--", self.server.host, command)
        asked = Command(argv, b" %s\n" % begin, given, MOST_BYTES)
        found = run_one(asked, dict(os.environ), max(deadline - time.monotonic(), 0.1))
        if found.error is not None:
            raise _no_ssh(found.error)
        complaints = _words(found.complaints)
        start = found.output.find(b"\n%s\n" % begin)
        ended = re.search(rb"\n%s ([0-9]{1,3}) %s\n" % (end, begin), found.output)
        if start >= 0 and ended is not None:
            body = found.output[start + len(begin) + 2 : ended.start()]
            return Answer(body, int(ended[1]), complaints)
        if len(found.output) > MOST_BYTES:
            raise self._error(f"the answer has more than {MOST_BYTES:,} bytes", "remote-too-large")
        if found.timed_out:
            if is_partial and start >= 0:
                return Answer(found.output[start:], None, complaints)
            raise self._late(seconds)
        raise self._refused(complaints)

    def _open(self, deadline: float, seconds: float) -> None:
        """Open the master connection, unless it is open. Raises RemoteError."""
        with self._lock:
            if self._master is not None:
                if self._master.is_alive and self._socket.exists():
                    return
                self._master.close()
            left = max(1, round(deadline - time.monotonic()))
            argv = (
                *self._ssh("-N", "-o", "ControlMaster=yes", "-o", f"ConnectTimeout={left}"),
                "--",
                self.server.host,
            )
            try:
                self._master = master = Companion(argv, dict(os.environ))
            except OSError as problem:
                raise _no_ssh(problem) from None
            while not self._socket.exists():
                if master.wait(_LOOK_AGAIN):
                    raise self._refused(_words(master.complaints))
                if time.monotonic() > deadline:
                    self._end_master()
                    raise self._late(seconds)

    def close(self) -> None:
        """End the connection, also one that is being opened; it may be opened again."""
        opening = self._master
        if opening is not None and not self._socket.exists():
            opening.end()  # who opens it holds the lock, and gives up now
        with self._lock:
            if self._master is not None and self._master.is_alive and self._socket.exists():
                argv = (*self._ssh("-O", "exit"), "--", self.server.host)
                run_one(Command(argv, b"\0"), dict(os.environ), _GOODBYE)
                self._master.wait(_GOODBYE)
            self._end_master()

    def _end_master(self) -> None:
        if self._master is not None:
            self._master.close()
            self._master = None
        self._socket.unlink(missing_ok=True)

    def _ssh(self, *options: str) -> tuple[str, ...]:
        always = [part for name, value in _OPTIONS.items() for part in ("-o", f"{name}={value}")]
        return ("ssh", "-T", "-x", "-S", str(self._socket), *always, *options)

    def _late(self, seconds: float) -> RemoteError:
        return self._error(
            f"no complete answer after {seconds:g} seconds (--timeout)", "remote-too-slow"
        )

    def _refused(self, complaints: str) -> RemoteError:
        for pattern, code, what in _REFUSALS:
            if re.search(pattern, complaints):
                return self._error(f"{what}: {complaints}", code)
        return self._error(complaints or "the connection ended without an answer", "remote-refused")

    def _error(self, what: str, code: str) -> RemoteError:
        return RemoteError(f"{self.server.name}: {what}", code=code)


_REFUSALS = (
    (
        "IDENTIFICATION HAS CHANGED|Host key verification failed|host key is known",
        "remote-host-key",
        "its host key is not the one that is known, or not known at all; "
        "connect once with ssh and check it",
    ),
    ("Permission denied|Too many authentication", "remote-denied", "the server lets nobody in"),
    (
        "Could not resolve|Connection refused|timed out|No route|unreachable|reset by peer|"
        "kex_exchange|Connection closed|banner exchange",
        "remote-unreachable",
        "it cannot be reached",
    ),
)
"""What `ssh` (9.2) writes, and what that means."""


def marked(script: str, mark: str) -> str:
    """Return a script that writes the marks around its output."""
    return f"printf '\\n%s\\n' {mark}\n{script}\nprintf '\\n%s %s %s\\n' {mark[::-1]} 0 {mark}\n"


def _words(complaints: bytes) -> str:
    """Return the last lines that a program wrote to its standard error, as one."""
    lines = complaints.decode("utf-8", "replace").splitlines()
    told = [line.strip() for line in lines if line.strip(" @\t\r")]
    return mask_secrets(" ".join(told[-3:]))[-300:]


def _no_ssh(problem: OSError) -> RemoteError:
    return RemoteError(
        f"the program ssh cannot be run: {problem.strerror or problem}; install OpenSSH's client",
        code="remote-settings",
    )
