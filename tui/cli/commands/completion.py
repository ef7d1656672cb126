"""`pysteward completion`: print a script that completes the command line in a shell."""

from __future__ import annotations

import argparse

from ....core.server import Server
from ...messages import ExitCode
from ...output import Output
from . import Verb

_SHELLS = ("bash", "zsh", "fish")


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", metavar="SHELL", choices=_SHELLS, help="bash, zsh or fish")


def _run(arguments: argparse.Namespace, _server: Server, out: Output) -> ExitCode:
    from ..completion import completion_script

    out.raw(completion_script(arguments.shell))
    return ExitCode.YES


VERBS = (
    Verb(
        "",
        "print a shell completion script",
        _configure,
        _run,
        "completion bash > pysteward.bash",
    ),
)
