"""Parse one command line, and run it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..output import Output
from .parser import Call, parse

if TYPE_CHECKING:
    from ..start import Start

__all__ = ["parse", "run"]


def run(call: Call) -> int | Start:
    """Run a command; return its exit status, or what the app is to open with.

    Raises: StewardError.
    """
    from ...core.server import Server

    arguments = call.arguments
    server = Server(arguments.config, arguments.state_dir)
    if call.run is None:
        from .commands.interface import open_here

        return open_here(server, linear=arguments.linear)
    return call.run(arguments, server, Output(as_json=getattr(arguments, "json", False)))
