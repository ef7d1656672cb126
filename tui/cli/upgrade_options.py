"""The options of `pysteward upgrade`."""

from __future__ import annotations

import argparse

from .cluster_option import add_on
from .commands import add_detach, add_json
from .connect_option import add_connect
from .server_option import add_server


def configure_plan(parser: argparse.ArgumentParser) -> None:
    """Add the options of `upgrade plan`."""
    parser.add_argument(
        "requests",
        nargs="*",
        metavar="REQUEST",
        help="check these requests instead of deployed content (- reads standard input)",
    )
    _add_change(parser)
    parser.add_argument(
        "--bundles",
        metavar="DIR",
        help="check the bundles in this directory instead of deployed content",
    )
    parser.add_argument(
        "--installed",
        metavar="V,V,…",
        help="use these versions instead of the real installations",
    )
    _add_preflight(parser)
    parser.add_argument("--jobs", type=int, metavar="N", help="parallel checks (default: 2)")
    add_connect(parser, "check the content")
    add_server(parser)
    add_json(parser)


def configure_apply(parser: argparse.ArgumentParser) -> None:
    """Add the options of `upgrade apply`."""
    _add_change(parser)
    _add_preflight(parser)
    # Without them here, `upgrade apply --bundles DIR` would not say why it is refused.
    parser.add_argument("requests", nargs="*", metavar="REQUEST", help=argparse.SUPPRESS)
    parser.add_argument("--bundles", help=argparse.SUPPRESS)
    parser.add_argument("--installed", help=argparse.SUPPRESS)
    _add_jobs(parser)
    parser.add_argument(
        "--check", action="store_true", help="keep the old environment unless it starts in the new"
    )
    add_on(parser, is_long=True)
    parser.add_argument("--yes", action="store_true", help="do not ask for confirmation")
    add_server(parser)
    parser.add_argument("--canary", metavar="NAME", help="the server that gets it first, alone")
    parser.add_argument("--batch", type=int, metavar="N", help="servers in each wave (default: 5)")
    add_detach(parser)
    add_json(parser)


def configure_watch(parser: argparse.ArgumentParser) -> None:
    """Add the options of what shows or drops an upgrade."""
    add_server(parser)
    add_json(parser)


def configure_continue(parser: argparse.ArgumentParser) -> None:
    """Add the options of what starts builds again."""
    _add_jobs(parser)
    add_server(parser)
    add_detach(parser)
    add_json(parser)


def _add_change(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--add",
        action="append",
        default=[],
        metavar="V|PATH",
        help="Python to add: a version or an installation's path",
    )
    parser.add_argument(
        "--remove",
        action="append",
        default=[],
        metavar="V|PATH",
        help="Python to remove (3.8: every 3.8.x)",
    )
    parser.add_argument("--matching", metavar="POLICY", help="new matching policy")


def _add_preflight(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--preflight",
        action="store_true",
        help="check with the package index that moved content still installs",
    )
    parser.add_argument("--refresh", action="store_true", help="ignore earlier preflight results")


def _add_jobs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--jobs", type=int, metavar="N", help="parallel builds (default: parallel-builds)"
    )
