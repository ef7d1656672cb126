"""The last answers of servers, so that a server that does not answer is shown with its age."""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path

from ...file_io import read_regular, replace_file
from ...frozen import frozen
from ...json_values import JsonError, as_json, from_json, parse_json
from ...services import ServerOverview
from .model import SshServer

_MOST_BYTES = 4 * 1024 * 1024


@frozen
class Remembered:
    """An answer. at: when it came, seconds since 1970."""

    at: float
    overview: ServerOverview


class Memory:
    """One small file for each server, for this user alone. Everything in it may be removed.

    directory: None means the usual place (XDG Base Directory Specification).
    """

    def __init__(self, directory: Path | None = None) -> None:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        self._directory = directory or Path(base) / "pysteward" / "servers"

    def recall(self, server: SshServer) -> Remembered | None:
        """Return the last answer; None where there is none, or none that can be used."""
        try:
            data = read_regular(self._path(server), _MOST_BYTES)
            return from_json(Remembered, parse_json(data))
        except (OSError, JsonError):
            return None

    def keep(self, server: SshServer, overview: ServerOverview) -> None:
        """Keep an answer; where that cannot be written, the next time knows less."""
        data = json.dumps(as_json(Remembered(time.time(), overview))).encode()
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(self._path(server), data, mode=0o600, synced=False)
        except OSError:
            return

    def _path(self, server: SshServer) -> Path:
        address = hashlib.sha256(repr((server.host, server.command)).encode()).hexdigest()[:16]
        return self._directory / f"{address}.json"
