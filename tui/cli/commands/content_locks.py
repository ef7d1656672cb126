"""`pysteward content lock` and `drift`: what content is installed from, and what is newer."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from ....core.server import Server
from ...messages import ExitCode
from ...output import Output
from . import Verb, add_json

if TYPE_CHECKING:
    from ....core.content import Drift


def _lock(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """Write the lock that content runs on, a ``pylock.toml``."""
    from ....core.services import ContentService

    text = ContentService(server).lock(arguments.name)
    if out.as_json:
        out.document({"content": arguments.name, "lock": text})
    else:
        out.raw(text)
    return ExitCode.YES


def _drift(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """List what would resolve differently today; NO where something does or nothing is known."""
    from ....core.services import ContentService

    names = [] if arguments.name is None else [arguments.name]
    found: list[Drift] = []
    for drift in ContentService(server).drift(names):
        found.append(drift)
        if not out.as_json:
            out.line(_drift_text(drift))
    if out.as_json:
        out.document({"content": [_drift_as_json(drift) for drift in found]})
    return ExitCode.NO if any(each.changes or each.problem for each in found) else ExitCode.YES


def _drift_text(drift: Drift) -> str:
    if drift.problem is not None:
        return f"{drift.content}: not known: {drift.problem}"
    if not drift.changes:
        return f"{drift.content}: nothing"
    lines = [f"{drift.content}:"]
    return "\n".join([*lines, *(f"  {each.name}  {each.summary}" for each in drift.changes)])


def _drift_as_json(drift: Drift) -> dict[str, object]:
    return {
        "content": drift.content,
        "problem": drift.problem,
        "changes": [asdict(each) for each in drift.changes],
    }


def _configure_lock(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="content name")
    add_json(parser)


def _configure_drift(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help="content name (default: all)")
    add_json(parser)


LOCK = Verb(
    "lock",
    "print its lock (pylock.toml): files and hashes",
    _configure_lock,
    _lock,
    "content lock sales-report > pylock.toml",
)
DRIFT = Verb(
    "drift",
    "list what would resolve differently today",
    _configure_drift,
    _drift,
    "content drift sales-report",
)
