"""Run one command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..output import Output
from .parser import parse

if TYPE_CHECKING:
    from ..start import Start


def run(given: Sequence[str]) -> int | Start:
    """Run a command; return its exit status, or what the app is to open with.

    given: the arguments after the name of the program.
    Raises: StewardError; SystemExit after `--help` and `--version`.
    """
    call = parse(given)
    from ...core.server import Server

    arguments = call.arguments
    server = Server(arguments.config, arguments.state_dir)
    if call.run is None:
        from .commands.interface import open_here

        return open_here(server)
    return call.run(arguments, server, Output(as_json=getattr(arguments, "json", False)))
