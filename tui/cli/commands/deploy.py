"""`pysteward deploy`: build or reuse a bundle's environment, and show how it goes."""

from __future__ import annotations

import argparse

from ....core.content import deploy
from ....core.server import Server
from ... import messages
from ...messages import ExitCode
from ...output import Output
from ..build_watch import (
    ignore_hangup,
    show_outcome,
    watch,
)
from ..cluster_option import add_on, places_of
from . import Verb, add_detach, add_json, add_resolving, resolving_of
from .content_runs import add_check, check_of


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "bundle", metavar="BUNDLE", help="bundle directory, its manifest.json, or a .tar.gz"
    )
    parser.add_argument(
        "--content", metavar="NAME", help="content name (default: the bundle's name)"
    )
    add_check(parser)
    parser.add_argument(
        "--all-files",
        action="store_true",
        help="take files of the directory that the manifest does not list, too",
    )
    add_resolving(parser)
    add_on(parser)
    add_detach(parser)
    add_json(parser)


def _run(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    with ignore_hangup():
        build = deploy(
            server,
            arguments.bundle,
            arguments.content,
            check=check_of(arguments),
            all_files=arguments.all_files,
            confirm=messages.ask if messages.can_ask() else None,
            resolving=resolving_of(arguments),
            on=places_of(arguments, server),
        )
    if arguments.detach:
        for notice in build.notices:
            messages.warn(notice)
        return show_outcome(build, out)
    return watch(server.state_dir, build, out)


VERBS = (
    Verb(
        "",
        "deploy a bundle: build or reuse its environment",
        _configure,
        _run,
        "deploy bundle.tar.gz --content sales-report",
    ),
)
