"""`pysteward discover`: the Pythons of this machine, and those that are not configured yet."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ....core.errors import UsageError
from ... import messages
from ...app.context import Context
from ...messages import ExitCode
from ...output import Output

if TYPE_CHECKING:
    from ....core.installations import DiscoveredPython

_HEADER = ("", "VERSION", "FOUND", "INTERPRETER")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.add_argument(
        "--add",
        nargs="*",
        metavar="PATH",
        help="write these to the settings file; without PATH all that are not configured",
    )


def run(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    """List what is there, or add it to the settings."""
    from ....core.installations import discover

    configured = context.settings.executables if context.settings.file is not None else ()
    found = discover(os.environ, configured)
    if arguments.add is not None:
        return _add(arguments, found, context, out)
    if out.as_json:
        out.document({"found": [_found(item) for item in found]})
    elif found:
        rows = [_row(item) for item in found]
        out.table(_HEADER, rows)
    else:
        out.line("No Python was found on this machine.")
    return ExitCode.YES


def _add(
    arguments: argparse.Namespace, found: Sequence[DiscoveredPython], context: Context, out: Output
) -> ExitCode:
    from ....core import settings

    file = context.settings.file
    if file is None:
        raise UsageError("there is no settings file to add to: name one with --config")
    wanted = _wanted(arguments.add, found)
    edit = settings.add_value(file, "executables", wanted)
    backup = edit.write()
    if out.as_json:
        out.document({"file": str(file), "added": wanted if edit.changes else []})
    elif edit.changes:
        out.line(edit.diff())
        messages.note(
            f"Written to {file} (as it was: {backup}); a running server must be restarted."
        )
    else:
        out.line(f"{file} names all of these already.")
    return ExitCode.YES


def _wanted(given: Sequence[str], found: Sequence[DiscoveredPython]) -> list[str]:
    """The paths to add: those given, where there is an interpreter, else all that are new."""
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
