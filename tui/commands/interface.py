"""Bare `pysteward`: the terminal interface on this machine."""

from __future__ import annotations

import argparse

from ..context import Context
from ..opening import open_interface
from ..output import Output
from ..sources import RealSource, Source


def run(_arguments: argparse.Namespace, context: Context, _out: Output) -> int:
    def make() -> Source:
        return RealSource(context)

    return open_interface(make, instead="pysteward installations")
