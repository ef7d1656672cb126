"""The Connect servers of one user: a small file for each, and beside it the file of its key.

    ~/.config/pysteward/connect/prod.toml    where it is, how it is reached
    ~/.config/pysteward/connect/prod.key     its API key, readable by its owner alone

The directory belongs to the user and not to the state directory, which a group may read.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from ...errors import RemoteError
from ...file_io import blocks, open_regular, replace_file
from .server_file import read_server, server_text
from .settings import NAME, ConnectServer, check_name

_MOST_BYTES = 64 * 1024
_SUFFIX = ".toml"


class ServerStore:
    """The configured servers. Methods raise RemoteError (remote-settings, remote-unknown).

    directory: None means the usual place (XDG Base Directory Specification).
    """

    def __init__(self, directory: Path | None = None) -> None:
        base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
        self.directory = directory or Path(base) / "pysteward" / "connect"

    def names(self) -> tuple[str, ...]:
        """Return the names of all servers, sorted."""
        try:
            found = os.listdir(self.directory)
        except FileNotFoundError:
            return ()
        except OSError as problem:
            raise _failed(self.directory, problem) from None
        names = [name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX)]
        return tuple(sorted(name for name in names if NAME.fullmatch(name)))

    def find(self, name: str) -> ConnectServer:
        """Return the server of that name."""
        path = self._path(name)
        try:
            data = read_private(path)
        except FileNotFoundError:
            known = ", ".join(self.names()) or "none"
            raise RemoteError(
                f"no Connect server is called {name!r}; configured: {known}; "
                "`pysteward connect add NAME URL` adds one",
                code="remote-unknown",
            ) from None
        return read_server(name, data, path)

    def add(self, server: ConnectServer, key: str | None) -> ConnectServer:
        """Keep a server, in the place of one of the same name, and its key.

        key: None where a command or a file of the user's own gives it. Returns the server as kept.
        """
        if key is not None:
            path = self.directory / f"{check_name(server.name)}.key"
            write_private(path, f"{key}\n".encode())
            server = replace(server, key_file=path, key_command=())
        write_private(self._path(server.name), server_text(server).encode())
        return server

    def keep_ca(self, name: str, text: str) -> Path:
        """Keep a CA that came as text. Returns its file."""
        path = self.directory / f"{check_name(name)}.ca.pem"
        write_private(path, text.encode())
        return path

    def remove(self, name: str) -> None:
        """Forget a server, its key and its CA; a key elsewhere stays."""
        self.find(name)
        for suffix in (".key", ".ca.pem", _SUFFIX):
            try:
                (self.directory / f"{name}{suffix}").unlink(missing_ok=True)
            except OSError as problem:
                raise _failed(self.directory, problem) from None

    def _path(self, name: str) -> Path:
        return self.directory / f"{check_name(name)}{_SUFFIX}"


def read_private(path: Path, *, secret: bool = False) -> bytes:
    """Return a small file that no other user may write, and for a secret, none may read.

    Raises FileNotFoundError, and RemoteError where the file is not what it must be.
    """
    try:
        descriptor = open_regular(path, follow=True)
    except FileNotFoundError:
        raise
    except OSError as problem:
        raise _failed(path, problem) from None
    try:
        found = os.fstat(descriptor)
        forbidden = 0o077 if secret else 0o022
        if found.st_uid not in (os.geteuid(), 0) or found.st_mode & forbidden:
            others = "read or change" if secret else "change"
            raise RemoteError(
                f"others can {others} it: it must be yours alone (chmod 600)",
                code="remote-settings",
                file=path,
            )
        data = b"".join(blocks(descriptor, _MOST_BYTES + 1))
    finally:
        os.close(descriptor)
    if len(data) > _MOST_BYTES:
        raise RemoteError("is too large", code="remote-settings", file=path)
    return data


def write_private(path: Path, data: bytes) -> None:
    """Write a file that its owner alone may read, whole. Raises RemoteError."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(path, data, mode=0o600)
    except OSError as problem:
        raise _failed(path, problem) from None


def _failed(path: Path, problem: OSError) -> RemoteError:
    return RemoteError(
        f"cannot be used: {problem.strerror or problem}",
        code="remote-settings",
        file=problem.filename or path,
    )
