"""Wheel service: the stored wheels of a server, what uses them, which may go."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from .. import environments, wheels
from ..errors import StateError
from ..server import Server
from ..state import open_database

if TYPE_CHECKING:
    from ..wheels import WheelCheck, WheelRemoval, WheelUse


class WheelService:
    """The stored wheels of one server. Methods raise StateError and may block."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._store = wheels.WheelStore(server.state_dir)

    def list(self) -> tuple[WheelUse, ...]:
        """Return every stored wheel, sorted by name and version."""
        found = wheels.list_wheels(self._store, self._used())
        return tuple(sorted(found, key=lambda each: ((each.name or "").lower(), each.sha256)))

    def verify(self) -> Generator[WheelCheck]:
        """Compare every wheel with what was noted of it, one after the other.

        A damaged one is put aside; the next build that needs it makes it again.
        """
        try:
            yield from wheels.check_store(self._store)
        except OSError as error:
            raise _unusable(error) from None

    def prune_plan(self) -> tuple[WheelUse, ...]:
        """Return the wheels that no environment is made of."""
        return tuple(each for each in self.list() if not each.used_by)

    def prune(self) -> Generator[WheelRemoval]:
        """Remove the wheels that no environment is made of, and what killed builds left."""
        try:
            yield from wheels.remove_wheels(self._store, self.prune_plan())
        except OSError as error:
            raise _unusable(error) from None

    def _used(self) -> dict[str, tuple[str, ...]]:
        """Return the ids of the environments that are made of each wheel."""
        state_dir = self._server.state_dir
        with open_database(state_dir) as store:
            found = environments.list_environments(state_dir, store)
        used: dict[str, list[str]] = {}
        for each in found:
            for sha256 in each.marker.wheels if each.marker is not None else ():
                used.setdefault(sha256, []).append(each.identity)
        return {sha256: tuple(ids) for sha256, ids in used.items()}


def _unusable(error: OSError) -> StateError:
    return StateError(
        f"the store of wheels cannot be used: {error.strerror}",
        code="state-unusable",
        file=error.filename,
    )
