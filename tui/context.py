"""What every command and the terminal interface start from: settings, state, installations."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..core.installations import Analysis
    from ..core.settings import Settings


@dataclass
class Context:
    """The settings in force and where state lies, found out when first asked for.

    config, state_dir_option: as given on the command line.
    """

    config: str | None = None
    state_dir_option: str | None = None

    @cached_property
    def settings(self) -> Settings:
        """The settings in force; raises SettingsError."""
        from ..core import settings

        path = settings.find(self.config, os.environ)
        if path is not None:
            return settings.load(path)
        from ..core import installations

        return settings.default(tuple(found.path for found in installations.discover(os.environ)))

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

    def analysis(self) -> Analysis:
        """The start-up analysis of every configured installation, from the cache where it holds."""
        from ..core import installations

        return installations.analyse(
            self.settings.executables,
            creator=self.settings.environment_creator,
            run_as=self.run_as,
            cache=self.state_dir / "cache",
        )
