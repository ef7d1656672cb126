"""What every backend does that shows a server and changes nothing there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from ...core.errors import SettingsError, StewardError
from ...core.installations import Analysis

if TYPE_CHECKING:
    from pathlib import Path

    from ...core.installations import DiscoveredPython, Installation
    from ...core.remotes.ssh import ServerFleet
    from ...core.services import (
        BuildService,
        ContentService,
        EnvironmentService,
        OnResult,
        PythonBuildService,
        Running,
        UpgradeService,
    )
    from ...core.settings import Backup, Edit
    from .session import Session


class ReadOnlyBackend:
    """A backend without builds, content and settings of its own; a subclass adds what it has.

    why_read_only: why nothing is run or changed, as a clause.
    """

    why_read_only: str | None = None
    upgrades: UpgradeService | None = None
    servers: ServerFleet | None = None
    python_builds: PythonBuildService | None = None

    @property
    def content(self) -> ContentService | None:
        return None

    @property
    def builds(self) -> BuildService | None:
        return None

    @property
    def environments(self) -> EnvironmentService | None:
        return None

    def opening(self) -> Session:
        raise NotImplementedError

    def glance(self) -> tuple[Installation, ...]:
        return ()

    def running_builds(self) -> int:
        return 0

    def run_remedy(self, command: tuple[str, ...]) -> Running:
        raise StewardError(f"Nothing is run: {self.why_read_only}.")

    def discover(self) -> tuple[DiscoveredPython, ...]:
        return ()

    def examine(self, paths: Sequence[str], on_result: OnResult) -> Analysis:
        return Analysis((), ())

    def why_no_edit(self) -> str | None:
        return self.why_read_only

    def choices(self, name: str) -> tuple[str, ...]:
        return ()

    def backups(self) -> tuple[Backup, ...]:
        return ()

    def restore(self, backup: Path) -> Edit:
        self._refuse_change()

    def set_setting(self, name: str, value: str | Sequence[str]) -> Edit:
        self._refuse_change()

    def add_to_setting(self, name: str, values: Sequence[str]) -> Edit:
        self._refuse_change()

    def remove_from_setting(self, name: str, value: str | None) -> Edit:
        self._refuse_change()

    def reread(self) -> Session:
        return self.opening()

    def changed_on_disk(self) -> bool:
        return False

    def _refuse_change(self) -> NoReturn:
        raise SettingsError(f"Nothing is changed: {self.why_read_only}.")
