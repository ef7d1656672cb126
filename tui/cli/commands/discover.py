"""`pysteward discover`: find the Pythons of this machine that are not configured."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ....core.errors import UsageError
from ....core.server import Server
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
    from ....core.installations import discover

    configured = server.settings.executables if server.settings.file is not None else ()
    found = discover(os.environ, configured)
    if arguments.add is not None:
        return _add(arguments, found, server, out)
    if out.as_json:
        out.document({"found": [_found(item) for item in found]})
    elif found:
        rows = [_row(item) for item in found]
        out.table(_HEADER, rows)
    else:
        out.line("There is no Python on this machine.")
    return ExitCode.YES


def _add(
    arguments: argparse.Namespace, found: Sequence[DiscoveredPython], server: Server, out: Output
) -> ExitCode:
    from ....core import settings

    file = server.settings.file
    if file is None:
        raise UsageError("there is no settings file to add to; name one with --config")
    wanted = _wanted(arguments.add, found)
    edit = settings.add_value(file, "executables", wanted)
    backup = edit.write()
    if out.as_json:
        out.document({"file": str(file), "added": wanted if edit.changes else []})
    elif edit.changes:
        out.line(edit.diff())
        messages.note(f"Written to {file} (the previous file: {backup}); restart a running server.")
    else:
        out.line(f"{file} lists all of these already.")
    return ExitCode.YES


def _wanted(given: Sequence[str], found: Sequence[DiscoveredPython]) -> list[str]:
    """The paths to add: those given, which must hold an interpreter, else all new ones."""
    from ....core.installations import inspect_files

    if not given:
        return [item.path for item in found if not item.is_configured]
    paths = [os.path.abspath(path) for path in given]
    for installation in inspect_files(paths):
        for problem in installation.reasons_against:
            raise UsageError(f"{problem.message} Nothing was added.", code=problem.code)
    return paths


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
