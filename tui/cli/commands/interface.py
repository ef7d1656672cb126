"""Bare `pysteward`: the terminal interface on this machine."""

from __future__ import annotations

import argparse

from ...app.context import Context
from ...launch import open_interface
from ...output import Output
from ...services.backend import Backend, LocalBackend


def run(_arguments: argparse.Namespace, context: Context, _out: Output) -> int:
    def make() -> Backend:
        return LocalBackend(context)

    return open_interface(make, instead="pysteward installations")
