"""Where the data of the interface comes from: this server, or another implementation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ..server import Server
from ..users import user_name
from .installations import InstallationService
from .settings import SettingsService

if TYPE_CHECKING:
    from .builds import BuildService
    from .content import ContentService
    from .diagnosis import DiagnosisService
    from .environments import EnvironmentService
    from .python_builds import PythonBuildService
    from .upgrades import UpgradeService

Service = TypeVar("Service")


class Backend(Protocol):
    """The services of one server, None where there is none of a kind.

    name: of the machine. user: who works on it. today: what an end of life is compared with.
    why_read_only: why nothing can be changed or run; None where it can.
    """

    why_read_only: str | None

    @property
    def name(self) -> str: ...
    @property
    def user(self) -> str: ...
    @property
    def today(self) -> date: ...
    @property
    def installations(self) -> InstallationService: ...
    @property
    def settings(self) -> SettingsService: ...
    @property
    def content(self) -> ContentService | None: ...
    @property
    def builds(self) -> BuildService | None: ...
    @property
    def environments(self) -> EnvironmentService | None: ...
    @property
    def upgrades(self) -> UpgradeService | None: ...
    @property
    def diagnosis(self) -> DiagnosisService | None: ...
    @property
    def python_builds(self) -> PythonBuildService | None: ...

    def reload(self) -> None:
        """Read the settings again; the services are others from then on.

        Raises: SettingsError; then everything stays as it was.
        """
        ...


class LocalBackend:
    """This machine, as configured.

    Services are imported when they are first used: the first page shows installations only.
    """

    why_read_only: str | None = None

    def __init__(self, server: Server) -> None:
        self.server = server
        self._services: dict[object, Any] = {}

    @property
    def name(self) -> str:
        import socket

        return socket.gethostname().partition(".")[0]

    @property
    def user(self) -> str:
        return user_name()

    @property
    def today(self) -> date:
        return date.today()

    @property
    def installations(self) -> InstallationService:
        return self._only(InstallationService)

    @property
    def settings(self) -> SettingsService:
        return self._only(SettingsService)

    @property
    def content(self) -> ContentService:
        from .content import ContentService

        return self._only(ContentService)

    @property
    def builds(self) -> BuildService:
        from .builds import BuildService

        return self._only(BuildService)

    @property
    def environments(self) -> EnvironmentService:
        from .environments import EnvironmentService

        return self._only(EnvironmentService)

    @property
    def upgrades(self) -> UpgradeService:
        from .upgrades import UpgradeService

        return self._only(UpgradeService)

    @property
    def diagnosis(self) -> DiagnosisService:
        from .diagnosis import DiagnosisService

        return self._only(DiagnosisService)

    @property
    def python_builds(self) -> PythonBuildService:
        from .python_builds import PythonBuildService

        return self._only(PythonBuildService)

    def reload(self) -> None:
        fresh = self.server.reread()
        _ = fresh.settings  # read now, so that a mistake changes nothing
        self.server, self._services = fresh, {}

    def _only(self, kind: Callable[[Server], Service]) -> Service:
        """Return the one service of a kind: some remember what they have read."""
        if kind not in self._services:
            self._services[kind] = kind(self.server)
        return self._services[kind]
