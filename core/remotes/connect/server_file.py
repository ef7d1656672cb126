"""The file of one Connect server: TOML, read with the place of each mistake, and written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from ...errors import RemoteError, RequestError, StewardError
from ...matching import Policy
from ...toml_text import Positions, decode_toml, parse_toml
from .settings import KEY_HEADERS, ConnectServer, server_url


class ServerFileError(RemoteError):
    """A mistake in the file of a server, with line and column."""

    default_code = "remote-settings"


def read_server(name: str, data: bytes, path: Path) -> ConnectServer:
    """Return the server that a file describes. Raises ServerFileError.

    An unknown key is an error: a misspelled one would be left out in silence.
    """
    file = _File(data, path)
    for key in file.values:
        if key not in _VALUES:
            raise file.error(key, f"{key} is not known; known are {', '.join(_VALUES)}")
    command = file.texts("key-command")
    key_file = file.path("key-file")
    if bool(command) == (key_file is not None):
        raise file.error("key-file", "give key-file or key-command, and not both")
    allow_http = file.truth("allow-http")
    return ConnectServer(
        name=name,
        url=file.read("url", lambda text: server_url(text, allow_http=allow_http), needed=True),
        key_file=key_file,
        key_command=command,
        ca=file.path("ca"),
        client_certificate=file.path("client-certificate"),
        client_key=file.path("client-key"),
        key_header=file.read("key-header", _key_header) or KEY_HEADERS[0],
        allow_http=allow_http,
        matching=file.read("matching", Policy.parse),
    )


def server_text(server: ConnectServer) -> str:
    """Return the text of the file; what has its default is left out."""
    values = {key: value(server) for key, value in _VALUES.items()}
    return "".join(f"{key} = {_toml(value)}\n" for key, value in values.items() if value)


class _File:
    """The values of a file; each method raises ServerFileError for a value of the wrong type."""

    def __init__(self, data: bytes, path: Path) -> None:
        self._source = decode_toml(data, path, ServerFileError)
        self.values: dict[str, Any] = parse_toml(self._source)
        self._positions = Positions(self._source.text)

    def error(self, key: str, message: str) -> StewardError:
        return self._source.error(self._positions.of((key,)).value, message)

    def text(self, key: str) -> str | None:
        found = self.values.get(key)
        if found is not None and not (isinstance(found, str) and found.strip()):
            raise self.error(key, f"{key} must be text")
        return found

    def path(self, key: str) -> Path | None:
        found = self.text(key)
        return None if found is None else Path(found).expanduser()

    def truth(self, key: str) -> bool:
        found = self.values.get(key, False)
        if not isinstance(found, bool):
            raise self.error(key, f"{key} must be true or false")
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        found = self.values.get(key, [])
        if not isinstance(found, list) or not all(
            isinstance(item, str) for item in cast("list[object]", found)
        ):
            raise self.error(key, f'{key} must be a list, such as ["pass", "show", "connect"]')
        return tuple(cast("list[str]", found))

    def read(self, key: str, parse: Callable[[str], Any], *, needed: bool = False) -> Any:
        """Return what a text means; None where there is none and none is needed."""
        found = self.text(key)
        if found is None:
            if needed:
                raise self.error(key, f"{key} is missing")
            return None
        try:
            return parse(found)
        except (RequestError, RemoteError) as problem:
            raise self.error(key, problem.message) from None


def _key_header(text: str) -> str:
    if text not in KEY_HEADERS:
        raise RequestError(f"key-header must be one of {', '.join(KEY_HEADERS)}")
    return text


_VALUES: dict[str, Callable[[ConnectServer], object]] = {
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


def _toml(value: object) -> str:
    """Return a value as TOML: strings and lists of JSON are TOML, too."""
    return json.dumps(str(value) if isinstance(value, Path) else value)
