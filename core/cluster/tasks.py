"""What a client has run on a worker: functions that are named, which take and give JSON."""

from __future__ import annotations

from typing import Protocol


class Host(Protocol):
    """The worker of this process, as its tasks see it."""

    async def build(self, order: str) -> str: ...


_hosts: list[Host] = []


def serve(host: Host) -> None:
    """Say which worker runs in this process."""
    _hosts[:] = [host]


async def run_build(order: str) -> str:
    """Build, or take up what is built already. order: a `BuildOrder` as JSON.

    Returns how it ended: a word of `BuildOutcome`.
    """
    return await _hosts[0].build(order)
