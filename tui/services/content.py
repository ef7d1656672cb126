"""What the screens still ask of one object; each question goes to its service in core."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.builds import BuildEntry as BuildEntry, Progress as Progress, advance as after
from ...core.content import ContentStatus as ContentStatus
from ...core.server import Server
from ...core.services import BuildService, ContentService as _ContentService

if TYPE_CHECKING:
    from ...core.builds import Build, Record
    from ...core.bundles import Bundle
    from ...core.installations import Installation
    from .python_builds import PythonBuildService
    from .upgrades import UpgradeService

__all__ = ["BuildEntry", "ContentService", "ContentStatus", "Progress", "after"]


class ContentService:
    """Builds and content of one server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._content = _ContentService(server)
        self._builds = BuildService(server)

    @property
    def state_dir(self) -> Path:
        return self._server.state_dir

    @property
    def upgrades(self) -> UpgradeService:
        from .upgrades import UpgradeService

        return UpgradeService(self._server)

    @property
    def source_builds(self) -> PythonBuildService:
        from .python_builds import PythonBuildService

        return PythonBuildService(self._server)

    def stamp(self) -> object:
        return self._builds.stamp()

    def builds(self) -> tuple[BuildEntry, ...]:
        return self._builds.list()

    def record(self, build: str) -> Record:
        return self._builds.record(build)

    def content(self, installations: Sequence[Installation] | None) -> tuple[ContentStatus, ...]:
        return self._content.list(installations)

    def bundle(self, content: str) -> Bundle:
        return self._content.bundle(content)

    def deploy(self, bundle: Path, name: str | None) -> Build:
        return self._content.deploy(bundle, name)

    def rebuild(self, content: str) -> Build:
        return self._content.rebuild(content)

    def retry(self, build: str) -> Build:
        return self._builds.retry(build)

    def cancel(self, build: str) -> bool:
        return self._builds.cancel(build)

    def export(self, build: str, target: Path) -> Path:
        return self._builds.export(build, target)
