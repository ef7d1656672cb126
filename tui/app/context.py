"""What every command and the terminal interface start from: settings, state, installations."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import StateError

if TYPE_CHECKING:
    from ...core.installations import Analysis, Installation
    from ...core.settings import Settings


class Context:
    """The settings in force and where state lies, found out when first asked for.

    config, state_dir_option: as given on the command line.
    """

    def __init__(self, config: str | None = None, state_dir_option: str | None = None) -> None:
        self.config = config
        self.state_dir_option = state_dir_option

    @cached_property
    def settings(self) -> Settings:
        """The settings in force; raises SettingsError."""
        from ...core import settings

        path = settings.find(self.config, os.environ)
        if path is not None:
            return settings.load(path)
        from ...core import installations

        return settings.default(tuple(found.path for found in installations.discover(os.environ)))

    @property
    def policy(self) -> str:
        """The name of the policy in force; empty, the default, where there is no settings file.

        For hypothetical installations: it does not look for the Pythons of this machine.
        """
        from ...core import settings

        has_file = settings.find(self.config, os.environ) is not None
        return self.settings.version_matching if has_file else ""

    @cached_property
    def state_dir(self) -> Path:
        """Where content, builds, environments and caches lie (section 7 of the design)."""
        chosen = self.state_dir_option or os.environ.get("PYSTEWARD_STATE_DIR")
        if chosen:
            return Path(chosen).absolute()
        if self.settings.state_dir is not None:
            return self.settings.state_dir
        if os.geteuid() == 0:
            return Path("/var/lib/pysteward")
        base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
        return Path(base) / "pysteward"

    @cached_property
    def run_as(self) -> str | None:
        """Who runs interpreters and builds; None: whoever runs pysteward."""
        if os.geteuid() != 0:
            return None
        import pwd

        if self.settings.run_as is not None:
            return self.settings.run_as
        try:
            return pwd.getpwnam("rstudio-connect").pw_name
        except KeyError:
            return None

    def analysis(
        self, *, fresh: bool = False, on_result: Callable[[Installation], None] | None = None
    ) -> Analysis:
        """The start-up analysis of every configured installation, from the cache where it holds.

        fresh: run every interpreter again. on_result: called with each as soon as it is known.
        The log is kept in the state directory, where that can be written; looking at
        installations needs no state.
        """
        from ...core import installations
        from ...core.state import directory

        with suppress(StateError):
            directory.prepare(self.state_dir, group=self.settings.state_group)
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
