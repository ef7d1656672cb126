"""Bare `pysteward`: the terminal interface on this server."""

from __future__ import annotations

from ...app.context import Context
from ...services.backend import LocalBackend
from ...start import Start


def open_here(context: Context) -> Start:
    """Start the app on this server."""
    return Start(
        backend=LocalBackend(context),
        tab="installations",
        argument=None,
        instead="pysteward installations",
    )
