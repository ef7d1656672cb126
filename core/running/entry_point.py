"""The entry point of content that does not fit its files: which line of its manifest names it, and
what is meant perhaps."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from ..file_io import read_regular
from ..findings import Evidence, Finding
from .programs import files_in, started_file

_MANIFEST: Final = "manifest.json"
_LARGEST: Final = 4 << 20
_LONGEST: Final = 500


def with_entry_point(finding: Finding, app_mode: str, entry: str, content: Path) -> Finding:
    """Return a finding about an entry point that is missing, with the line of the manifest that
    names it, and with the name that is nearest to it, where there is one.

    content: the directory that content ran in.
    """
    line = _manifest_line(entry, content)
    meant = _nearest(app_mode, entry, content)
    return replace(
        finding,
        cause=f"{finding.cause} Perhaps {meant} is meant." if meant else finding.cause,
        evidence=finding.evidence if line is None else (line, *finding.evidence),
    )


def _manifest_line(entry: str, content: Path) -> Evidence | None:
    for number, line in enumerate(_text(content / _MANIFEST).splitlines(), 1):
        if "entrypoint" in line and entry in line:
            return Evidence(_MANIFEST, number, line.strip()[:_LONGEST])
    return None


def _nearest(app_mode: str, entry: str, content: Path) -> str | None:
    files = files_in(content)
    name, colon, what = entry.partition(":")
    file = started_file(entry, files)
    if file not in files:
        suffix = Path(file).suffix
        near = _near(file, (each for each in files if each.endswith(suffix)))
        if near is None or not colon:
            return near
        return f"{near.removesuffix('.py').replace('/', '.')}:{what}"
    near = _near(what, _names_in(content / file))
    return None if near is None or near == what else f"{name}:{near}"


def _near(name: str, names: Iterable[str]) -> str | None:
    found = difflib.get_close_matches(name, sorted(names), 1, 0.5)
    return found[0] if found else None


def _names_in(file: Path) -> Collection[str]:
    """Return the names that a file defines; none where it is not Python."""
    try:
        tree = ast.parse(_text(file))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    found: set[str] = set()
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.ClassDef():
                found.add(node.name)
            case ast.Assign():
                found |= {each.id for each in node.targets if isinstance(each, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
            case _:
                pass
    return found


def _text(file: Path) -> str:
    try:
        return read_regular(file, _LARGEST).decode("utf-8", "replace")
    except OSError:
        return ""
