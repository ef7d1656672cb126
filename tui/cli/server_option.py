"""The options about other servers, without what asks them: most calls do not use them."""

from __future__ import annotations

import argparse


def add_server(parser: argparse.ArgumentParser) -> None:
    """Add --server, and what goes with it; `servers --help` says more."""
    parser.add_argument(
        "--server", metavar="NAME", help="ask this server, or all (see servers --help)"
    )
    parser.add_argument("--servers", metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument("--timeout", type=float, metavar="SECONDS", help=argparse.SUPPRESS)
