"""What builds are made from, and who asks for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from .frozen import frozen

if TYPE_CHECKING:
    from .installations import Analysis
    from .settings import Settings


@frozen
class Server:
    """What builds are made from.

    run_as: who runs the programs of a build, where that is not whoever asks for it.
    analyse: gives the start-up analysis, from the cache where it holds.
    """

    state_dir: Path
    settings: Settings
    run_as: str | None
    analyse: Callable[[], Analysis]

    @property
    def bundles(self) -> Path:
        return self.state_dir / "bundles"

    @property
    def builds(self) -> Path:
        return self.state_dir / "builds"
