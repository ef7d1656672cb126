"""`pysteward demo`: the terminal interface on a demo server, with a tour."""

from __future__ import annotations

import argparse

from ....core.server import Server
from ...output import Output
from ...start import SimulatorStart, Start
from . import Verb


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-tour", action="store_true", help="skip the tour")
    parser.add_argument(
        "--linear", action="store_true", help="open it as lines, for a screen reader"
    )


def _run(arguments: argparse.Namespace, _server: Server, _out: Output) -> Start:
    return Start(
        backend=None,
        tab="simulator",
        linear=arguments.linear,
        argument=SimulatorStart(tour=not arguments.no_tour),
        instead="pysteward scenario list",
    )


VERBS = (
    Verb("", "open the terminal interface on a demo server", _configure, _run, "demo --no-tour"),
)
