"""Where the interface gets what it shows: this machine, or a demonstration.

The interface asks a Source and never the engine's effects, so that the demonstration needs no
Python, no settings and no state, and tests can be exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ...core.services import LocalBackend as _LocalBackend, OnResult
from ..app.session import Session

if TYPE_CHECKING:
    from ...core.installations import Analysis, DiscoveredPython, Installation
    from ...core.remotes.ssh import ServerFleet
    from ...core.services import (
        BuildService,
        ContentService,
        DiagnosisService,
        EnvironmentService,
        PythonBuildService,
        Running,
        UpgradeService,
    )
    from ...core.settings import Backup, Edit


class Backend(Protocol):
    """What the app is opened on.

    why_read_only: None for a real machine, else why nothing here can be changed or run.
    The services are None where there is nothing of their kind.
    """

    why_read_only: str | None

    @property
    def content(self) -> ContentService | None: ...
    @property
    def builds(self) -> BuildService | None: ...
    @property
    def environments(self) -> EnvironmentService | None: ...
    @property
    def upgrades(self) -> UpgradeService | None: ...
    @property
    def python_builds(self) -> PythonBuildService | None: ...
    @property
    def diagnosis(self) -> DiagnosisService: ...
    @property
    def servers(self) -> ServerFleet | None:
        """The other servers that these settings name."""
        ...

    def opening(self) -> Session:
        """Return what is known at once, without running anything. Raises SettingsError."""
        ...

    def glance(self) -> tuple[Installation, ...]:
        """Return every installation by its files alone; blocks, some milliseconds for each."""
        ...

    def analyze(self, on_result: OnResult, *, fresh: bool) -> Analysis:
        """Examine every installation; blocks, to be called from a thread of its own."""
        ...

    def usage(self) -> dict[str, int]:
        """Return how much content uses an installation, by its interpreter; blocks."""
        ...

    def running_builds(self) -> int:
        """Return how many builds run now."""
        ...

    def run_remedy(self, command: tuple[str, ...]) -> Running:
        """Begin to run a remedy. Raises StewardError."""
        ...

    def discover(self) -> tuple[DiscoveredPython, ...]:
        """Return the Pythons of this machine, configured or not; blocks."""
        ...

    def examine(self, paths: Sequence[str], on_result: OnResult) -> Analysis:
        """Examine Pythons that are not configured; blocks."""
        ...

    def why_no_edit(self) -> str | None:
        """Return why the settings cannot be changed; None where they can."""
        ...

    def choices(self, name: str) -> tuple[str, ...]:
        """Return what a setting can name, of accounts or groups; blocks. Raises StewardError."""
        ...

    def backups(self) -> tuple[Backup, ...]:
        """Return the backups of the settings file, the newest first; blocks.

        Raises SettingsError.
        """
        ...

    def restore(self, backup: Path) -> Edit:
        """Return a backup put back, not yet written. Raises SettingsError."""
        ...

    def set_setting(self, name: str, value: str | Sequence[str]) -> Edit:
        """Return a setting changed, not yet written. Raises SettingsError."""
        ...

    def add_to_setting(self, name: str, values: Sequence[str]) -> Edit:
        """Items added to a list or table, not yet written. Raises SettingsError."""
        ...

    def remove_from_setting(self, name: str, value: str | None) -> Edit:
        """Return an item removed, or with None the setting. Raises SettingsError."""
        ...

    def reread(self) -> Session:
        """Read the settings again. Raises SettingsError."""
        ...

    def changed_on_disk(self) -> bool:
        """Return whether the settings file is another than the one that was read."""
        ...


class LocalBackend(_LocalBackend):
    """This machine, as configured; what the app asks of it, from its services."""

    why_read_only: str | None = None

    @property
    def servers(self) -> ServerFleet:
        from ...core.remotes.ssh import ServerFleet

        return ServerFleet(self.server)

    def opening(self) -> Session:
        active = self.settings.active
        return Session(
            host=self.name,
            user=self.user,
            settings_label=self.settings.label,
            policy=active.version_matching,
            settings=active,
            installations=self.installations.first_look(),
        )

    def glance(self) -> tuple[Installation, ...]:
        return self.installations.inspect()

    def analyze(self, on_result: OnResult, *, fresh: bool) -> Analysis:
        return self.installations.analyze(on_result, fresh=fresh)

    def usage(self) -> dict[str, int]:
        return self.installations.usage()

    def running_builds(self) -> int:
        return self.builds.count_running()

    def run_remedy(self, command: tuple[str, ...]) -> Running:
        return self.installations.run_remedy(command)

    def discover(self) -> tuple[DiscoveredPython, ...]:
        return self.installations.discover()

    def examine(self, paths: Sequence[str], on_result: OnResult) -> Analysis:
        return self.installations.examine(paths, on_result)

    def why_no_edit(self) -> str | None:
        return self.settings.why_not_editable()

    def choices(self, name: str) -> tuple[str, ...]:
        return self.settings.choices(name)

    def backups(self) -> tuple[Backup, ...]:
        return self.settings.backups()

    def restore(self, backup: Path) -> Edit:
        return self.settings.propose_restore(backup)

    def set_setting(self, name: str, value: str | Sequence[str]) -> Edit:
        return self.settings.propose_set(name, value)

    def add_to_setting(self, name: str, values: Sequence[str]) -> Edit:
        return self.settings.propose_add(name, values)

    def remove_from_setting(self, name: str, value: str | None) -> Edit:
        return self.settings.propose_remove(name, value)

    def reread(self) -> Session:
        self.reload()
        return self.opening()

    def changed_on_disk(self) -> bool:
        return self.settings.changed_on_disk()
