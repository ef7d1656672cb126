"""The option --connect, without what reads a server: most calls do not use it."""

from __future__ import annotations

import argparse


def add_connect(parser: argparse.ArgumentParser, what: str) -> None:
    """Add --connect. what: what it is about, such as "the content"."""
    parser.add_argument(
        "--connect", metavar="NAME", help=f"{what} of this Connect server (connect list)"
    )
