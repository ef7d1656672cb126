"""`pysteward deploy`: builds or reuses a bundle's environment, before the eyes of whoever asked."""

from __future__ import annotations

import argparse

from ....core.content import deploy
from ...app.context import Context
from ...messages import ExitCode
from ...output import Output
from ..build_watch import (
    ignore_hangup,
    show_outcome,
    site,
    watch,
)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "bundle", metavar="BUNDLE", help="a bundle's folder, its manifest.json, or a .tar.gz"
    )
    parser.add_argument("--content", metavar="NAME", help="its name; the default is the bundle's")
    parser.add_argument(
        "--detach", action="store_true", help="return at once; the build goes on by itself"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document")


def run(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    with ignore_hangup():
        build = deploy(site(context), arguments.bundle, arguments.content)
    if arguments.detach:
        return show_outcome(build, out)
    return watch(context.state_dir, build, out)
