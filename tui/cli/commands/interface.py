"""Bare `pysteward`: the terminal interface on this server."""

from __future__ import annotations

from ....core.server import Server
from ...services.backend import LocalBackend
from ...start import Start


def open_here(server: Server, *, linear: bool = False) -> Start:
    """Start the interface on this server. linear: as lines instead of a screen."""
    return Start(
        backend=LocalBackend(server),
        tab="installations",
        argument=None,
        instead="pysteward installations",
        linear=linear,
    )
