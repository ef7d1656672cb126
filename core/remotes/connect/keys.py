"""API keys: from a private file, from a program that prints one, from rsconnect-python's store.

A key is never part of a command line, a message, a log or a record: no error here repeats what was
read.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, cast

from ...errors import RemoteError
from .settings import ConnectServer
from .store import read_private

_SECONDS = 60  # a program may ask its user for a password first
_LONGEST = 1000


def check_key(text: str) -> str:
    """Return a key without the white space around it. Raises RemoteError (remote-key)."""
    key = text.strip()
    if not key:
        raise RemoteError("the API key is empty", code="remote-key")
    if len(key) > _LONGEST or not key.isascii() or not key.isprintable() or " " in key:
        raise RemoteError("this is not an API key: one word of ASCII is", code="remote-key")
    return key


def read_key(server: ConnectServer) -> str:
    """Return the key of a server. Raises RemoteError (remote-key, remote-settings)."""
    if server.key_command:
        return _from_command(server.key_command)
    if server.key_file is None:
        raise RemoteError(f"{server.name} has no API key: add it again", code="remote-key")
    return read_key_file(server.key_file)


def read_key_file(path: Path) -> str:
    """Return the key in a file that no other user can read. Raises RemoteError."""
    try:
        data = read_private(path, secret=True)
    except FileNotFoundError:
        raise RemoteError(
            "there is no such file with an API key", code="remote-key", file=path
        ) from None
    return check_key(data.decode("ascii", "replace"))


def _from_command(command: tuple[str, ...]) -> str:
    """Return what a program prints on its first line; its messages go where ours go."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise RemoteError(
            f"key-command {command[0]!r} gave no key within {_SECONDS} seconds", code="remote-key"
        ) from None
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else str(problem)
        raise RemoteError(
            f"key-command {command[0]!r} cannot be run: {reason}", code="remote-key"
        ) from None
    if done.returncode != 0:
        raise RemoteError(
            f"key-command {command[0]!r} failed with status {done.returncode}", code="remote-key"
        )
    first = done.stdout.decode("ascii", "replace").partition("\n")[0]
    return check_key(first)


class RsconnectServer(NamedTuple):
    """A server in rsconnect-python's store. ca: its CA as text; None where it has none."""

    name: str
    url: str
    key: str
    ca: str | None


def rsconnect_file(
    platform: str = sys.platform, environment: Mapping[str, str] = os.environ
) -> Path:
    """Return where rsconnect-python keeps its servers."""
    home = Path(environment.get("HOME") or "~").expanduser()
    if platform == "darwin":
        return home / "Library" / "Application Support" / "rsconnect-python" / "servers.json"
    base = environment.get("XDG_CONFIG_HOME")
    directory = Path(base) / "rsconnect-python" if base else home / ".rsconnect-python"
    return directory / "servers.json"


def find_in_rsconnect(name: str, file: Path | None = None) -> RsconnectServer:
    """Return the server that rsconnect-python calls by that name.

    Raises RemoteError (remote-key).
    """
    path = file or rsconnect_file()
    try:
        found: object = json.loads(read_private(path))
    except FileNotFoundError:
        raise RemoteError(
            "there is no such file: rsconnect-python knows no server here",
            code="remote-key",
            file=path,
        ) from None
    except (ValueError, RecursionError):
        raise RemoteError("is not rsconnect-python's store", code="remote-key", file=path) from None
    servers = cast("dict[str, object]", found) if isinstance(found, dict) else {}
    entry = servers.get(name)
    if not isinstance(entry, dict):
        known = ", ".join(sorted(servers)[:20]) or "none"
        raise RemoteError(
            f"rsconnect-python knows no server {name!r}; it knows {known}",
            code="remote-key",
            file=path,
        )
    fields = cast("dict[str, object]", entry)
    url, key, ca = fields.get("url"), fields.get("api_key"), fields.get("ca_cert")
    if not isinstance(url, str) or not isinstance(key, str):
        raise RemoteError(
            f"{name!r} has no address or no API key there", code="remote-key", file=path
        )
    return RsconnectServer(name, url, check_key(key), ca if isinstance(ca, str) and ca else None)
