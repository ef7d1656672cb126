"""Read which servers there are: the tables `[servers.NAME]` of a TOML file."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from ... import settings
from ...errors import RemoteError, StewardError
from ...file_io import read_regular
from ...toml_text import Positions, decode_toml, parse_toml
from .model import COMMAND, NAME, SshServer, check_host

TABLE = "servers"
ALL = "all"
_KEYS = ("host", "command")
_MOST_BYTES = 1024 * 1024
_EXAMPLE = 'a server is a table: [servers.NAME] with host = "USER@HOST"'


def find_servers_file(config: str | None, given: str | None) -> Path | None:
    """Return the file that names the servers; None where there is none.

    config: as ``--config`` gives it. given: as ``--servers`` gives it; it wins.
    """
    if given is not None:
        return Path(given).absolute()
    found = settings.find(config, os.environ)
    return found if found is not None and found.suffix.lower() == ".toml" else None


def read_servers(path: Path | None) -> dict[str, SshServer]:
    """Return the servers of a file by their names, in its order. Raises RemoteError."""
    if path is None:
        return {}
    try:
        data = read_regular(path, _MOST_BYTES)
    except OSError as problem:
        raise RemoteError(
            f"cannot be read: {problem.strerror or problem}", code="remote-settings", file=path
        ) from None
    source = decode_toml(data, path, _SettingsProblem)
    positions = Positions(source.text)
    listed = parse_toml(source).get(TABLE, {})

    def wrong(keys: tuple[str, ...], message: str) -> StewardError:
        return source.error(positions.of(keys).key, message)

    if not isinstance(listed, dict):
        raise wrong((TABLE,), _EXAMPLE)
    servers: dict[str, SshServer] = {}
    for name, table in cast("Mapping[str, Any]", listed).items():
        at = (TABLE, name)
        if not NAME.fullmatch(name) or name == ALL:
            raise wrong(at, f"{name!r} cannot be the name of a server")
        if not isinstance(table, dict):
            raise wrong(at, _EXAMPLE)
        fields = cast("Mapping[str, Any]", table)
        for key, value in fields.items():
            if key not in _KEYS:
                raise wrong((*at, key), f"{key} is not known: a server has {' and '.join(_KEYS)}")
            if not isinstance(value, str):
                raise wrong((*at, key), f"{key} must be a text")
        try:
            host = check_host(fields.get("host", name))
            command = shlex.split(fields["command"]) if "command" in fields else COMMAND
        except (RemoteError, ValueError) as problem:
            said = problem.message if isinstance(problem, RemoteError) else str(problem)
            raise wrong(at, f"{name}: {said}") from None
        if not command or command[0].startswith("-"):
            raise wrong((*at, "command"), f"{name}: command must begin with a program")
        servers[name] = SshServer(name, host, tuple(command))
    return servers


def choose_servers(
    wanted: str, servers: Mapping[str, SshServer], file: Path | None
) -> tuple[SshServer, ...]:
    """Return what `--server` means: one server by its name or address, or all that are configured.

    file: where the servers were read from, for the error.
    Raises RemoteError (remote-unknown, remote-settings).
    """
    if wanted == ALL:
        if not servers:
            raise RemoteError(_none_configured(file), code="remote-unknown")
        return tuple(servers.values())
    if wanted in servers:
        return (servers[wanted],)
    if "@" in wanted:
        return (SshServer(wanted, check_host(wanted)),)
    known = ", ".join(servers) or "none"
    raise RemoteError(
        f"no server is called {wanted!r}; configured: {known}; USER@HOST names one by its address",
        code="remote-unknown",
    )


def _none_configured(file: Path | None) -> str:
    where = f"in {file}" if file is not None else "in pysteward.toml"
    return f"no server is configured {where}: {_EXAMPLE} adds one"


class _SettingsProblem(RemoteError):
    default_code = "remote-settings"
