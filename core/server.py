"""One server as configured: its settings, its state directory, its build user, its analysis."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from . import installations, settings as settings_room
from .errors import StateError
from .state import create_database, prepare

if TYPE_CHECKING:
    from .installations import Analysis, Installation
    from .settings import Settings

BUILDS_AS_ROOT = (
    "this builds as root, so that whatever a package's installation runs is root, too: "
    "set run-as to another user"
)
_BUILD_USER = "rstudio-connect"
"""The user that RStudio Connect runs content as, where `run-as` is not set."""


class Server:
    """The server that a command or the interface works on; each part is found when first needed.

    config, state_dir: as ``--config`` and ``--state-dir`` give them; None: found as the design
    says (sections 6 and 7).
    """

    def __init__(self, config: str | None = None, state_dir: str | None = None) -> None:
        self.config = config
        self._state_dir = state_dir

    @cached_property
    def settings(self) -> Settings:
        """The active settings. Raises SettingsError."""
        path = settings_room.find(self.config, os.environ)
        if path is not None:
            return settings_room.load(path)
        found = installations.discover(os.environ)
        return settings_room.default(tuple(python.path for python in found))

    @property
    def policy(self) -> str:
        """The name of the active matching policy; empty without a settings file: the default.

        For hypothetical installations: it does not search this machine for Pythons.
        """
        has_file = settings_room.find(self.config, os.environ) is not None
        return self.settings.version_matching if has_file else ""

    @cached_property
    def state_dir(self) -> Path:
        """The directory of content, builds, environments and caches (section 7 of the design)."""
        chosen = self._state_dir or os.environ.get("PYSTEWARD_STATE_DIR")
        if chosen:
            return Path(chosen).absolute()
        if self.settings.state_dir is not None:
            return self.settings.state_dir
        if os.geteuid() == 0:
            return Path("/var/lib/pysteward")
        base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
        return Path(base) / "pysteward"

    @property
    def bundles(self) -> Path:
        return self.state_dir / "bundles"

    @property
    def builds(self) -> Path:
        return self.state_dir / "builds"

    @property
    def runs(self) -> Path:
        return self.state_dir / "runs"

    @cached_property
    def run_as(self) -> str | None:
        """The user who runs interpreters and builds; None: the user who runs pysteward."""
        if os.geteuid() != 0:
            return None
        if self.settings.run_as is not None:
            return self.settings.run_as
        import pwd

        try:
            return pwd.getpwnam(_BUILD_USER).pw_name
        except KeyError:
            return None

    @property
    def builds_as_root(self) -> bool:
        """Whether what a package's installation runs is root."""
        return os.geteuid() == 0 and self.run_as is None

    def reread(self) -> Server:
        """Return the same server with its settings read again."""
        return Server(self.config, self._state_dir)

    def prepare_state(self) -> tuple[str, ...]:
        """Make the state directory, with the permissions that the settings ask for.

        Returns sentences about what was put right. Raises StateError.
        """
        notices = prepare(
            self.state_dir,
            group=self.settings.state_group,
            passable=self.run_as is not None,
        )
        create_database(self.state_dir)
        return notices

    def analysis(
        self, *, fresh: bool = False, on_result: Callable[[Installation], None] | None = None
    ) -> Analysis:
        """Return the analysis of every configured installation, from the cache where it is valid.

        fresh: run every interpreter again. on_result: called with each installation as soon as it
        is known. The log is stored in the state directory where that can be written; an analysis
        does not need one.
        """
        with suppress(StateError):
            self.prepare_state()
        analysis = installations.analyze(
            self.settings.executables,
            creator=self.settings.environment_creator,
            run_as=self.run_as,
            build_environment=self.settings.build_environment,
            cache=installations.cache_file(self.state_dir),
            fresh=fresh,
            on_result=on_result,
        )
        with suppress(OSError):
            installations.keep_log(analysis.log, self.state_dir)
        return analysis

    def examine(
        self, paths: Sequence[str], on_result: Callable[[Installation], None] | None = None
    ) -> Analysis:
        """Return the analysis of Pythons that are not configured; nothing of it is kept."""
        return installations.analyze(
            paths,
            creator=self.settings.environment_creator,
            run_as=self.run_as,
            build_environment=self.settings.build_environment,
            on_result=on_result,
        )
