"""Installation service: list, check and add the Pythons of a server."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from .. import builds, installations, settings
from ..errors import StateError, UsageError
from ..server import Server

if TYPE_CHECKING:
    from ..installations import Analysis, DiscoveredPython, Installation
    from ..settings import Edit

# As many rows as a terminal shows: what is below them must not delay the first page.
_FIRST_PAGE = 60

OnResult = Callable[["Installation"], None]


class Running(Protocol):
    """A running command: its lines, then its exit status."""

    status: int | None

    def __iter__(self) -> Iterator[str]: ...

    def close(self) -> None:
        """End it; from any thread."""
        ...


class InstallationService:
    """The installations of one server. Methods raise StewardError and may block."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def first_look(self) -> tuple[Installation, ...]:
        """Return the configured installations immediately, the first page with what files say."""
        executables = self._server.settings.executables
        return (
            *installations.inspect_files(executables[:_FIRST_PAGE]),
            *map(installations.Installation, executables[_FIRST_PAGE:]),
        )

    def inspect(self) -> tuple[Installation, ...]:
        """Return every installation with what its files say; takes milliseconds for each."""
        return installations.inspect_files(self._server.settings.executables)

    def analyze(self, on_result: OnResult | None = None, *, fresh: bool = False) -> Analysis:
        """Check every installation; see `Server.analysis`."""
        return self._server.analysis(fresh=fresh, on_result=on_result)

    def usage(self) -> dict[str, int]:
        """Return how many content items use an installation, by its interpreter.

        Nothing where the state directory is missing or cannot be read.
        """
        if not self._server.state_dir.is_dir():
            return {}
        try:
            found = builds.list_content(self._server.state_dir)
        except StateError:
            return {}
        return dict(Counter(each.python.executable for each in found if each.python is not None))

    def discover(self) -> tuple[DiscoveredPython, ...]:
        """Return the Pythons of this machine, configured or not."""
        active = self._server.settings
        configured = active.executables if active.file is not None else ()
        return installations.discover(os.environ, configured)

    def examine(self, paths: Sequence[str], on_result: OnResult | None = None) -> Analysis:
        """Check Pythons that are not configured, as they would be if they were."""
        return self._server.examine(paths, on_result)

    def offered(self) -> str:
        """Return in a sentence which Pythons of this machine could be configured."""
        said = installations.offer(self.discover())
        return f"{said[0].upper()}{said[1:]}"

    def add(self, paths: Sequence[str]) -> tuple[Edit, tuple[str, ...]]:
        """Return the edit that adds installations to the settings, and the paths that it adds.

        paths: of interpreters or of installations; none means all that are not configured.
        Raises: UsageError where there is not a settings file or no interpreter at a path.
        """
        file = self._server.settings.file
        if file is None:
            raise UsageError("there is no settings file to add to; name one with --config")
        wanted = self._to_add(paths)
        return settings.add_value(file, "executables", wanted), tuple(wanted)

    def run_remedy(self, command: tuple[str, ...]) -> Running:
        """Start the command of a remedy."""
        return installations.run_remedy(command, self._server.settings.build_environment)

    def _to_add(self, paths: Sequence[str]) -> list[str]:
        if not paths:
            return [found.path for found in self.discover() if not found.is_configured]
        wanted = [os.path.abspath(path) for path in paths]
        for found in installations.inspect_files(wanted):
            for problem in found.reasons_against:
                raise UsageError(f"{problem.message} Nothing was added.", code=problem.code)
        return wanted
