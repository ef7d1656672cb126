"""Where the interface gets what it shows: this machine, or a demonstration.

The interface asks a Source and never the engine's effects, so that the demonstration needs no
Python, no settings and no state, and tests can be exact.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from ...core.errors import SettingsError, StateError
from ...core.users import user_name
from ..app.session import Session, host_name

if TYPE_CHECKING:
    from ...core.installations import (
        Analysis,
        DiscoveredPython,
        Fix,
        Installation,
    )
    from ...core.server import Server
    from ...core.settings import Edit
    from .content import ContentService

Seen = TypeVar("Seen")
# As many rows as a terminal shows; what lies beyond must not hold up the first of them.
_FIRST_PAGE = 60

OnResult = Callable[["Installation"], None]


class Running(Protocol):
    """Something that runs and talks: its lines, then its exit status."""

    status: int | None

    def __iter__(self) -> Iterator[str]: ...

    def close(self) -> None:
        """End it; from any thread."""
        ...


class Backend(Protocol):
    """What the app is opened on.

    why_not_real: None for a real machine, else why nothing here can be changed or run.
    workshop: its builds and content; None where there are none.
    """

    why_not_real: str | None

    @property
    def workshop(self) -> ContentService | None: ...

    def opening(self) -> Session:
        """What is known at once, without running anything. Raises SettingsError."""
        ...

    def glance(self) -> tuple[Installation, ...]:
        """Every installation by its files alone; blocks, some milliseconds for each."""
        ...

    def analyse(self, on_result: OnResult, *, fresh: bool) -> Analysis:
        """Examine every installation; blocks, to be called from a thread of its own."""
        ...

    def usage(self) -> dict[str, int]:
        """How much content uses an installation, by its interpreter; blocks."""
        ...

    def running_builds(self) -> int:
        """How many builds run now."""
        ...

    def run_fix(self, fix: Fix) -> Running:
        """Begin to run a remedy. Raises StewardError."""
        ...

    def discover(self) -> tuple[DiscoveredPython, ...]:
        """The Pythons of this machine, configured or not; blocks."""
        ...

    def why_no_edit(self) -> str | None:
        """Why the settings cannot be changed; None where they can."""
        ...

    def set_setting(self, name: str, value: str) -> Edit:
        """A setting changed, not yet written. Raises SettingsError."""
        ...

    def add_to_setting(self, name: str, values: Sequence[str]) -> Edit:
        """Items added to a list or table, not yet written. Raises SettingsError."""
        ...

    def remove_from_setting(self, name: str, value: str | None) -> Edit:
        """An item removed, or with None the setting. Raises SettingsError."""
        ...

    def reload(self) -> Session:
        """Read the settings again. Raises SettingsError."""
        ...

    def changed_on_disk(self) -> bool:
        """Whether the settings file is another than the one that was read."""
        ...


class LocalBackend:
    """This machine, under the settings of a server."""

    why_not_real: str | None = None

    def __init__(self, server: Server) -> None:
        self.server = server
        self._workshop: ContentService | None = None

    @property
    def workshop(self) -> ContentService | None:
        from .content import ContentService

        if self._workshop is None:
            self._workshop = ContentService(self.server)
        return self._workshop

    def opening(self) -> Session:
        from ...core import installations

        settings = self.server.settings
        return Session(
            host=host_name(),
            user=user_name(),
            settings_label=str(settings.file) if settings.file else "no settings file",
            policy=settings.version_matching,
            settings=settings,
            installations=(
                *installations.inspect_files(settings.executables[:_FIRST_PAGE]),
                *map(installations.Installation, settings.executables[_FIRST_PAGE:]),
            ),
        )

    def glance(self) -> tuple[Installation, ...]:
        from ...core import installations

        return installations.inspect_files(self.server.settings.executables)

    def analyse(self, on_result: OnResult, *, fresh: bool) -> Analysis:
        return self.server.analysis(fresh=fresh, on_result=on_result)

    def usage(self) -> dict[str, int]:
        from ...core import builds

        used = Counter(
            content.python.executable
            for content in self._look(lambda: builds.list_content(self.server.state_dir))
            if content.python is not None
        )
        return dict(used)

    def running_builds(self) -> int:
        from ...core import builds

        rows = self._look(lambda: builds.list_builds(self.server.state_dir))
        return sum(row.outcome == "running" for row in rows)

    def _look(self, look: Callable[[], tuple[Seen, ...]]) -> tuple[Seen, ...]:
        """What the state directory tells; nothing where there is none or it may not be read."""
        if not self.server.state_dir.is_dir():
            return ()
        try:
            return look()
        except StateError:
            return ()

    def run_fix(self, fix: Fix) -> Running:
        from ...core import installations

        return installations.run_remedy(fix, self.server.settings.build_environment)

    def discover(self) -> tuple[DiscoveredPython, ...]:
        from ...core import installations

        return installations.discover(os.environ, self.server.settings.executables)

    def why_no_edit(self) -> str | None:
        if self.server.settings.file is None:
            return "there is no settings file: make one, an empty one will do"
        return None

    @property
    def _file(self) -> Path:
        file = self.server.settings.file
        if file is None:
            raise SettingsError("there is no settings file to change", code="settings-missing")
        return file

    def set_setting(self, name: str, value: str) -> Edit:
        from ...core import settings

        return settings.set_value(self._file, name, value)

    def add_to_setting(self, name: str, values: Sequence[str]) -> Edit:
        from ...core import settings

        return settings.add_value(self._file, name, values)

    def remove_from_setting(self, name: str, value: str | None) -> Edit:
        from ...core import settings

        return settings.remove_value(self._file, name, None if value is None else [value])

    def reload(self) -> Session:
        fresh = self.server.reread()
        session = LocalBackend(fresh).opening()
        self.server, self._workshop = fresh, None
        return session

    def changed_on_disk(self) -> bool:
        from ...core import settings

        return settings.changed_on_disk(self.server.settings)
