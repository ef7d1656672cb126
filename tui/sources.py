"""Where the interface gets what it shows: this machine, or a demonstration.

The interface asks a Source and never the engine's effects, so that the demonstration needs no
Python, no settings and no state, and tests can be exact.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from .session import Session, host_name, user_name

if TYPE_CHECKING:
    from ..core.installations import Analysis, Installation
    from .context import Context

OnResult = Callable[["Installation"], None]


class Source(Protocol):
    """What the app is opened on.

    why_not_real: None for a real machine, else why nothing here can be changed or run.
    """

    why_not_real: str | None

    def opening(self) -> Session:
        """What is known without running anything. Raises SettingsError."""
        ...

    def analyse(self, on_result: OnResult, *, fresh: bool) -> Analysis:
        """Examine every installation; blocks, to be called from a thread of its own."""
        ...

    def reload(self) -> Session:
        """Read the settings again. Raises SettingsError."""
        ...

    def changed_on_disk(self) -> bool:
        """Whether the settings file is another than the one that was read."""
        ...


class RealSource:
    """This machine, under the settings of a context."""

    why_not_real: str | None = None

    def __init__(self, context: Context) -> None:
        self.context = context

    def opening(self) -> Session:
        from ..core import installations

        settings = self.context.settings
        return Session(
            host=host_name(),
            user=user_name(),
            settings_label=str(settings.file) if settings.file else "no settings file",
            policy=settings.version_matching,
            settings=settings,
            installations=installations.glance(settings.executables),
        )

    def analyse(self, on_result: OnResult, *, fresh: bool) -> Analysis:
        from ..core import installations

        settings = self.context.settings
        return installations.analyse(
            settings.executables,
            creator=settings.environment_creator,
            run_as=self.context.run_as,
            cache=None if fresh else self.context.state_dir / "cache",
            on_result=on_result,
        )

    def reload(self) -> Session:
        fresh = type(self.context)(self.context.config, self.context.state_dir_option)
        session = RealSource(fresh).opening()
        self.context = fresh
        return session

    def changed_on_disk(self) -> bool:
        from ..core import settings

        return settings.changed_on_disk(self.context.settings)
