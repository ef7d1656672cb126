"""The backend of a server that ssh leads to: its installations, read and never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.installations import Analysis
from ...core.matching import Policy
from ...core.remotes.ssh import (
    Connections,
    RemoteInstallations,
    ServerFleet,
    SshServer,
    read_installations,
)
from ...core.services import DiagnosisService, OnResult
from .read_only import ReadOnlyBackend
from .session import Session

if TYPE_CHECKING:
    from ...core.server import Server

_WHY_NOT = "another server is shown here, read only; Enter on the Servers tab opens its interface"


class SshBackend(ReadOnlyBackend):
    """What the app is opened on. The server is asked at once. Raises RemoteError.

    here: this server, for the time that an answer may take.
    """

    why_read_only: str | None = _WHY_NOT

    def __init__(self, server: SshServer, here: Server) -> None:
        self._server = server
        self._here = here
        self.servers = ServerFleet(here)
        self._found = self._read()

    def _read(self) -> RemoteInstallations:
        with Connections() as connections:
            seconds = self._here.settings.server_timeout
            return read_installations(connections.to(self._server), seconds)

    def opening(self) -> Session:
        return Session(
            host=self._server.name,
            user="ssh",
            settings_label=self._server.host,
            policy=self._found.matching or Policy.MAJOR_MINOR.value,
            installations=self._found.installations,
            kind="SSH",
        )

    def analyze(self, on_result: OnResult, *, fresh: bool) -> Analysis:
        """Read the server again where that is asked for; nothing is run here."""
        if fresh:
            self._found = self._read()
        return Analysis(self._found.installations, ("read over ssh", *self._found.notes))

    def usage(self) -> dict[str, int]:
        return {}

    @property
    def diagnosis(self) -> DiagnosisService:
        return DiagnosisService(self._here)

    def reread(self) -> Session:
        self._found = self._read()
        return self.opening()
