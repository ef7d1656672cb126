"""`pysteward discover`: find the Pythons of this machine that are not configured."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ....core.server import Server
from ....core.services import InstallationService
from ... import messages
from ...messages import ExitCode
from ...output import Output
from . import Verb, add_json

if TYPE_CHECKING:
    from ....core.installations import DiscoveredPython

_HEADER = ("", "VERSION", "FOUND", "INTERPRETER")


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--add",
        nargs="*",
        metavar="PATH",
        help="add these to the settings file (without PATH: all new ones)",
    )
    add_json(parser)


def _run(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """List the Pythons of this machine, or add some to the settings."""
    if arguments.add is not None:
        return _add(arguments, server, out)
    found = InstallationService(server).discover()
    if out.as_json:
        out.document({"found": [_found(item) for item in found]})
    elif found:
        rows = [_row(item) for item in found]
        out.table(_HEADER, rows)
    else:
        out.line("There is no Python on this machine.")
    return ExitCode.YES


def _add(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    edit, paths = InstallationService(server).add(arguments.add)
    backup = edit.write()
    if out.as_json:
        out.document({"file": str(edit.path), "added": list(paths) if edit.changes else []})
    elif edit.changes:
        out.line(edit.diff())
        messages.note(
            f"Written to {edit.path} (the previous file: {backup}); restart a running server."
        )
    else:
        out.line(f"{edit.path} lists all of these already.")
    return ExitCode.YES


def _found(item: DiscoveredPython) -> dict[str, object]:
    return {
        "path": item.path,
        "version": None if item.version is None else str(item.version),
        "how": item.how,
        "target": item.target,
        "configured": item.is_configured,
    }


def _row(item: DiscoveredPython) -> tuple[str, ...]:
    return (
        "configured" if item.is_configured else "new",
        str(item.version or "?"),
        item.how,
        item.path if item.path == item.target else f"{item.path} -> {item.target}",
    )


VERBS = (
    Verb(
        "",
        "find Pythons on this machine that are not configured",
        _configure,
        _run,
        "discover --add /opt/python/3.12.4",
    ),
)
