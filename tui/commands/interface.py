"""Bare `pysteward`: the terminal interface on this machine."""

from __future__ import annotations

import argparse

from .. import terminal
from ..context import Context
from ..messages import ExitCode
from ..output import Output


def run(_arguments: argparse.Namespace, context: Context, _out: Output) -> ExitCode | int:
    at_hand = terminal.require("pysteward installations")
    from ..app import run_app
    from ..sources import RealSource

    return run_app(RealSource(context), at_hand)
