"""`pysteward demo`: the terminal interface on a server that does not exist, with a tour."""

from __future__ import annotations

import argparse

from ...app.context import Context
from ...launch import Play, open_interface
from ...output import Output
from ...services.backend import Backend


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-tour", action="store_true", help="without the tour")


def run(arguments: argparse.Namespace, _context: Context, _out: Output) -> int:
    def make() -> Backend:
        from ...app.demo import DemoBackend

        return DemoBackend()

    return open_interface(
        make,
        instead="pysteward scenario --list",
        first="simulator",
        given=Play(tour=not arguments.no_tour),
    )
