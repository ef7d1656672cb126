"""Upgrades as the screens still ask for them; see `core.services`."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

from ...core import content
from ...core.server import Server
from ...core.services import PreflightRun, UpgradeService as _UpgradeService

if TYPE_CHECKING:
    from ...core.upgrades import Bundles, Prediction, PreflightQuestion, UpgradeSimulation


class UpgradeService(_UpgradeService):
    """With a preflight in two steps, and content put back."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self._run: PreflightRun | None = None
        self._is_enough = False

    def questions(
        self, simulation: UpgradeSimulation, bundles: Bundles
    ) -> Sequence[PreflightQuestion]:
        self._run = super().preflight(simulation, bundles)
        if self._is_enough:
            self._run.end()
        return self._run.asked

    def preflight(self, _asked: Sequence[PreflightQuestion]) -> Generator[Prediction]:  # pyright: ignore[reportIncompatibleMethodOverride]
        assert self._run is not None
        return iter(self._run)

    def end_preflight(self) -> None:
        self._is_enough = True
        if self._run is not None:
            self._run.end()

    def put_back(self, name: str) -> str:
        back = content.roll_back(self._server.state_dir, name)
        return back.python.version if back.python is not None else ""
