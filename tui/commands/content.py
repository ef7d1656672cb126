"""`pysteward content`: what was deployed, and what can be done with it."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from ...core.builds import (
    Content,
    find_content,
    list_builds,
    list_content,
    rebuild,
    remove_content,
)
from .. import messages
from ..context import Context
from ..messages import ExitCode
from ..output import Output
from ..watching import sheltered, show_outcome, site, watch
from .builds import row_as_json


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")
    listing = actions.add_parser("list", help="all content, by name")
    one = actions.add_parser("show", help="one piece of content with its builds")
    building = actions.add_parser(
        "rebuild", help="build it again; it keeps its Python as long as that can be used"
    )
    building.add_argument(
        "--afresh", action="store_true", help="also if its environment is complete"
    )
    building.add_argument("--detach", action="store_true", help="return at once")
    removing = actions.add_parser("remove", help="forget it, its bundles and its builds' records")
    for action in (one, building, removing):
        action.add_argument("name", metavar="NAME", help="the content's name")
    for action in (parser, listing, one, building, removing):
        default = False if action is parser else argparse.SUPPRESS
        action.add_argument(
            "--json", action="store_true", default=default, help="one JSON document"
        )


def run(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    return


_ACTIONS = {"list": _list, "show": _show, "rebuild": _rebuild, "remove": _remove}
