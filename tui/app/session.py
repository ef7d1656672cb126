"""What every screen shows of where one is: host, user, settings, policy, the installations."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING

from ...core.frozen import frozen

if TYPE_CHECKING:
    from ...core.installations import Installation
    from ...core.settings import Settings


@frozen
class Session:
    """One moment of the program, replaced as a whole when something becomes known.

    settings_label: the active file, or what stands in for it.
    settings: the active ones; None where there are none to show.
    installations: as they are configured; unverified until their analysis is done.
    analyzing: whether the analysis runs.
    today: what an end of life is compared with.
    log: of the start-up analysis, as far as it has come.
    usage: how much content uses an installation, by its interpreter; None until that is known.
    notice: what every screen says on a line of its own; None for nothing.
    running: builds that run now. failed: builds that failed since the start, not looked at yet.
    kind: what kind of server it is, for the header; empty for this one.
    """

    host: str
    user: str
    settings_label: str
    policy: str
    settings: Settings | None = None
    installations: tuple[Installation, ...] = ()
    analyzing: bool = False
    log: tuple[str, ...] = ()
    usage: dict[str, int] | None = None
    today: date = field(default_factory=date.today)
    notice: str | None = None
    running: int = 0
    failed: int = 0
    kind: str = ""

    def used_by(self, installation: Installation) -> int:
        """Return how much content uses it."""
        return (self.usage or {}).get(installation.executable or installation.path, 0)

    @property
    def usable(self) -> int:
        return sum(installation.usable for installation in self.installations)
