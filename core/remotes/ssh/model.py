"""One server that `ssh` leads to, as configured."""

from __future__ import annotations

import re

from ...errors import RemoteError
from ...frozen import frozen

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What a server may be called."""

COMMAND = ("pysteward",)
DEADLINE = 10.0
"""Seconds in which an answer must be complete, where nothing else is set."""


@frozen
class SshServer:
    """One server.

    name: what it is called here. host: what `ssh` takes: a host of ~/.ssh/config, or USER@HOST.
    command: how pysteward is called there.
    """

    name: str
    host: str
    command: tuple[str, ...] = COMMAND


def check_host(host: str) -> str:
    """Return the address of a server, if `ssh` cannot take it for an option or for two words.

    Raises RemoteError (remote-settings).
    """
    why = None
    if not host or host.endswith("@"):
        why = "names no host"
    elif any(part.startswith("-") for part in (host, host.rpartition("@")[2])):
        why = "begins with '-', as an option does"
    elif not host.isprintable() or any(letter.isspace() for letter in host):
        why = "holds a space or a control character"
    if why is not None:
        raise RemoteError(f"the address {host!r} {why}", code="remote-settings")
    return host
