"""`pysteward demo`: the terminal interface on a server that does not exist, with a tour."""

from __future__ import annotations

import argparse

from ..context import Context
from ..opening import Play, open_interface
from ..output import Output
from ..sources import Source


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-tour", action="store_true", help="without the tour")


def run(arguments: argparse.Namespace, _context: Context, _out: Output) -> int:
    def make() -> Source:
        from ..demo import DemoSource

        return DemoSource()

    return open_interface(
        make,
        instead="pysteward scenario --list",
        first="simulator",
        given=Play(tour=not arguments.no_tour),
    )
