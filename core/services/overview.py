"""One server in a row: its Pythons, policy, content, builds, environments, settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from threading import Thread
from typing import TYPE_CHECKING

from .. import __version__, builds, environments, settings as settings_room
from ..errors import StateError
from ..frozen import frozen
from ..server import Server
from ..state import open_database
from ..users import user_name
from ..versions import PythonVersion, end_of_life

if TYPE_CHECKING:
    from ..environments import Environment

_MEASURING = 3.0
"""Seconds: many environments on a slow disk take minutes, which a row is not worth."""


@frozen
class PythonRow:
    """One installation. version: None where it is not known. problems: their codes."""

    path: str
    version: PythonVersion | None
    usable: bool
    problems: tuple[str, ...] = ()

    @property
    def is_past_end(self) -> bool:
        """Whether its line gets no security fixes any more; not known counts as no."""
        end = None if self.version is None else end_of_life(self.version)
        return end is not None and end < date.today()


@frozen
class ServerOverview:
    """What is worth knowing about one server.

    version: of pysteward there; None where it is not installed. user: who answered.
    state_dir: of that user; None where there is none yet, then all counts are None, too.
    matching: the policy; None where that is not known.
    settings: by their names in a .toml file, each with its lines; passwords are masked.
    failed: content whose last build failed. disk: bytes of all environments; None where measuring
        takes too long.
    """

    version: str | None
    user: str
    state_dir: str | None
    config: str | None
    matching: str | None
    pythons: tuple[PythonRow, ...]
    settings: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    content: int | None = None
    running: int | None = None
    failed: int | None = None
    environments: int | None = None
    disk: int | None = None

    @property
    def usable(self) -> int:
        return sum(python.usable for python in self.pythons)

    @property
    def past_end(self) -> int:
        return sum(python.is_past_end for python in self.pythons)


def overview_of(server: Server) -> ServerOverview:
    """Return what is known of this machine. Raises SettingsError."""
    settings = server.settings
    analysis = server.analysis()
    pythons = tuple(
        PythonRow(
            found.path,
            found.version,
            found.usable,
            tuple(problem.code for problem in found.problems),
        )
        for found in analysis.installations
    )
    told = ServerOverview(
        version=__version__,
        user=user_name(),
        state_dir=None,
        config=None if settings.file is None else str(settings.file),
        matching=settings.version_matching,
        pythons=pythons,
        settings={
            item.toml: tuple(settings_room.values_of(settings, item))
            for item in settings_room.SETTINGS
        },
    )
    return _with_state(told, server)


def _with_state(told: ServerOverview, server: Server) -> ServerOverview:
    state_dir = server.state_dir
    if not state_dir.is_dir():
        return told
    try:
        content = builds.list_content(state_dir)
        rows = builds.list_builds(state_dir)
        with open_database(state_dir) as store:
            known = environments.list_environments(state_dir, store)
    except StateError:
        return told
    return replace(
        told,
        state_dir=str(state_dir),
        content=len(content),
        running=sum(row.outcome == "running" for row in rows),
        failed=sum(item.outcome == "failed" for item in content),
        environments=len(known),
        disk=_disk(known),
    )


def _disk(known: Sequence[Environment]) -> int | None:
    """Return the bytes of all environments; None where measuring takes too long."""
    found: list[int] = []
    paths = [environment.path for environment in known]
    thread = Thread(target=lambda: found.append(environments.measure(paths).total), daemon=True)
    thread.start()
    thread.join(_MEASURING)
    return found[0] if found else None
