"""Repair service: make the database of a state directory again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import content
from ..server import Server

if TYPE_CHECKING:
    from ..content import Repair


class RepairService:
    """The database of one server. Methods raise StewardError and may block."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def repair(self, *, force: bool = False) -> Repair:
        """Make the database again where it is damaged or lost. force: also where it is sound."""
        return content.repair(self._server.state_dir, force=force)
