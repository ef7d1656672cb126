"""All servers of one configuration, as the interface asks for them."""

from __future__ import annotations

import shlex
from collections.abc import Generator

from ...server import Server
from .connections import Connections
from .model import SshServer
from .remembered import Memory
from .servers_file import find_servers_file, read_servers
from .survey import ServerRow, remembered_rows, survey_servers


class ServerFleet:
    """The servers that a server's settings name. Methods raise RemoteError, and may block.

    here: the server with these settings.
    """

    def __init__(self, server: Server) -> None:
        self.here = server
        self._memory = Memory()

    def list(self) -> tuple[SshServer, ...]:
        return tuple(read_servers(find_servers_file(self.here.config, None)).values())

    def remembered(self) -> tuple[ServerRow, ...]:
        """Return what servers answered the last time, without asking any."""
        return remembered_rows(self.list(), self._memory)

    def survey(self) -> Generator[ServerRow]:
        """Yield a row for each server as it answers, or when its time is over."""
        with Connections() as connections:
            yield from survey_servers(
                self.list(), connections, self._memory, self.here.settings.server_timeout
            )


def interface_command(server: SshServer, *, linear: bool = False) -> tuple[str, ...]:
    """Return what opens a server's own interface in this terminal; `ssh` may ask what it likes.

    linear: as lines, for a screen reader.
    """
    command = (*server.command, "--linear") if linear else server.command
    return ("ssh", "-t", "--", server.host, shlex.join(command))
