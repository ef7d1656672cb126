"""The Connect servers of one user: a small file for each, and beside it the file of its key.

    ~/.config/pysteward/connect/prod.toml    where it is, how it is reached
    ~/.config/pysteward/connect/prod.key     its API key, readable by its owner alone

The directory belongs to the user and not to the state directory, which a group may read.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from ...errors import RemoteError, RequestError
from ...file_io import blocks, open_regular, replace_file
from ...matching import Policy
from .settings import KEY_HEADERS, NAME, ConnectServer, check_name, server_url

_MOST_BYTES = 64 * 1024
_SUFFIX = ".toml"


class ServerStore:
    """The configured servers. Methods raise RemoteError (remote-settings, remote-unknown).

    folder: None means the usual place (XDG Base Directory Specification).
    """

    def __init__(self, folder: Path | None = None) -> None:
        base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
        self.folder = folder or Path(base) / "pysteward" / "connect"

    def names(self) -> tuple[str, ...]:
        """The names of all servers, sorted."""
        try:
            found = os.listdir(self.folder)
        except FileNotFoundError:
            return ()
        except OSError as problem:
            raise _failed(self.folder, problem) from None
        names = [name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX)]
        return tuple(sorted(name for name in names if NAME.fullmatch(name)))

    def find(self, name: str) -> ConnectServer:
        """The server of that name."""
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
        return _server(name, _values(data, path), path)

    def add(self, server: ConnectServer, key: str | None) -> ConnectServer:
        """Keep a server, in the place of one of the same name, and its key.

        key: None where a command or a file of the user's own gives it. Returns the server as kept.
        """
        if key is not None:
            path = self.folder / f"{check_name(server.name)}.key"
            write_private(path, f"{key}\n".encode())
            server = _with_key_file(server, path)
        write_private(self._path(server.name), _text(server).encode())
        return server

    def keep_ca(self, name: str, text: str) -> Path:
        """Keep a CA that came as text. Returns its file."""
        path = self.folder / f"{check_name(name)}.ca.pem"
        write_private(path, text.encode())
        return path

    def remove(self, name: str) -> None:
        """Forget a server, its key and its CA; a key elsewhere stays."""
        self.find(name)
        for suffix in (".key", ".ca.pem", _SUFFIX):
            try:
                (self.folder / f"{name}{suffix}").unlink(missing_ok=True)
            except OSError as problem:
                raise _failed(self.folder, problem) from None

    def _path(self, name: str) -> Path:
        return self.folder / f"{check_name(name)}{_SUFFIX}"


def read_private(path: Path, *, secret: bool = False) -> bytes:
    """A small file that nobody else may write, and for a secret, nobody else may read.

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


def _values(data: bytes, path: Path) -> Mapping[str, Any]:
    try:
        text = data.decode()
        if sys.version_info >= (3, 11):
            import tomllib

            return tomllib.loads(text)
        import tomlkit

        return tomlkit.parse(text).unwrap()
    except (ValueError, RecursionError) as problem:  # tomlkit's errors are ValueErrors, too
        raise RemoteError(f"is not TOML: {problem}", code="remote-settings", file=path) from None


def _server(name: str, values: Mapping[str, Any], path: Path) -> ConnectServer:
    """What a file says. Unknown names are errors: a misspelled one would be left out in silence."""

    def bad(key: str, wanted: str) -> RemoteError:
        return RemoteError(f"{key} must be {wanted}", code="remote-settings", file=path)

    def text(key: str) -> str | None:
        found = values.get(key)
        if found is not None and not (isinstance(found, str) and found.strip()):
            raise bad(key, "text")
        return found

    def file(key: str) -> Path | None:
        found = text(key)
        return None if found is None else Path(found).expanduser()

    unknown = sorted(values.keys() - _WRITERS.keys())
    if unknown:
        raise RemoteError(
            f"{unknown[0]!r} is not known; known are {', '.join(_WRITERS)}",
            code="remote-settings",
            file=path,
        )
    allow_http = values.get("allow-http", False)
    if not isinstance(allow_http, bool):
        raise bad("allow-http", "true or false")
    header = text("key-header") or KEY_HEADERS[0]
    if header not in KEY_HEADERS:
        raise bad("key-header", f"one of {', '.join(KEY_HEADERS)}")
    url = text("url")
    if url is None:
        raise bad("url", "there")
    command = values.get("key-command", [])
    if not isinstance(command, list) or not all(
        isinstance(part, str) for part in cast("list[object]", command)
    ):
        raise bad("key-command", 'a list, such as ["pass", "show", "connect"]')
    parts = tuple(cast("list[str]", command))
    if bool(parts) == (text("key-file") is not None):
        raise bad("key-file", "there, or key-command, and not both")
    try:
        matching = Policy.parse(text("matching") or "") if values.get("matching") else None
        url = server_url(url, allow_http=allow_http)
    except (RequestError, RemoteError) as problem:
        raise RemoteError(problem.message, code="remote-settings", file=path) from None
    return ConnectServer(
        name=name,
        url=url,
        key_file=file("key-file"),
        key_command=parts,
        ca=file("ca"),
        client_certificate=file("client-certificate"),
        client_key=file("client-key"),
        key_header=header,
        allow_http=allow_http,
        matching=matching,
    )


def _with_key_file(server: ConnectServer, path: Path) -> ConnectServer:
    from dataclasses import replace

    return replace(server, key_file=path, key_command=())


_WRITERS: dict[str, Callable[[ConnectServer], object]] = {
    "url": lambda server: server.url,
    "key-file": lambda server: server.key_file,
    "key-command": lambda server: server.key_command,
    "ca": lambda server: server.ca,
    "client-certificate": lambda server: server.client_certificate,
    "client-key": lambda server: server.client_key,
    "key-header": lambda server: None if server.key_header == KEY_HEADERS[0] else server.key_header,
    "allow-http": lambda server: server.allow_http,
    "matching": lambda server: server.matching and server.matching.value,
}


def _text(server: ConnectServer) -> str:
    """The file's text; what has its default is left out."""
    values = {name: value(server) for name, value in _WRITERS.items()}
    return "".join(f"{name} = {_toml(value)}\n" for name, value in values.items() if value)


def _toml(value: object) -> str:
    """A value as TOML; JSON's strings and lists are TOML, too."""
    import json

    if isinstance(value, Path):
        value = str(value)
    return json.dumps(value)


def _failed(path: Path, problem: OSError) -> RemoteError:
    return RemoteError(
        f"cannot be used: {problem.strerror or problem}",
        code="remote-settings",
        file=problem.filename or path,
    )
