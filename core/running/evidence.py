"""Evidence in the content's own files, for what the log of a run tells."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from ..file_io import read_regular
from ..findings import Evidence, Finding
from ..secrets import KnownSecrets

_FRAME: Final = re.compile(r'^\s*File "(?P<file>[^"]{1,1000})", line (?P<line>\d{1,7})')
_CELL: Final = re.compile(
    r"^(?:Cell |Input )?(?:In ?\[(?P<cell>\d{1,5})\]|<ipython-input-(?P<old>\d{1,5})-\w{1,40}>|"
    r"\S{0,200}/ipykernel_\d{1,9}/\d{1,20}\.py)"
)
_ARROW: Final = re.compile(r"^-{2,}> ?(?P<line>\d{1,7}) ?(?P<code>.*)$")
# knitr until 1.42: "Quitting from lines 7-8 (report.Rmd)"; then: "Quitting from report.Rmd:7-8".
_CHUNK: Final = re.compile(
    r"Quitting from (?:lines (?P<line>\d{1,7})-\d{1,7} \((?P<file>[^()]{1,300})\)|"
    r"(?P<new>[^:]{1,300}):(?P<at>\d{1,7})-\d{1,7})"
)
_EXECUTED: Final = re.compile(r"pysteward: cell (\d{1,6}) of ")
_BOUNDARIES: Final = ("Traceback (most recent call last)", "Current thread 0x")
CHAINED: Final = ("During handling of the above", "The above exception was the direct cause")
_MOST_LINES: Final = 400
_LARGEST_FILE: Final = 4 << 20
_LONGEST: Final = 500


def with_own_line(
    finding: Finding,
    lines: Sequence[str],
    content: Path,
    notebook: str | None,
    secrets: KnownSecrets,
) -> Finding:
    """Return a finding whose first evidence is in the content's own file, where there is such a
    line.

    lines: the log. content: the directory that content ran in. notebook: the name of the executed
    notebook, if any.
    """
    own = own_line(_log_line(finding, len(lines)), lines, content, notebook)
    if own is None or own in finding.evidence:
        return finding
    own = replace(own, text=secrets.mask(own.text))
    return replace(finding, evidence=(own, *finding.evidence))


def own_line(
    at: int, lines: Sequence[str], content: Path, notebook: str | None = None
) -> Evidence | None:
    """Return the content's own line that a line of the log leads to; None without one.

    at: the index of that line: the frames of its traceback stand above it. Where none of them is
    the content's own, the next traceback of the chain is looked at.
    """
    while (found := _own_above(at, lines, content, notebook)) is None:
        following = _next_in_chain(at, lines)
        if following is None:
            return None
        at = following
    return found


def _own_above(
    at: int, lines: Sequence[str], content: Path, notebook: str | None
) -> Evidence | None:
    first = max(0, at - _MOST_LINES)
    for index in range(min(at, len(lines) - 1), first - 1, -1):
        found = _own(lines, index, content, notebook)
        if found is not None:
            return found
        if index < at and any(each in lines[index] for each in _BOUNDARIES):
            break
    return None


def _next_in_chain(at: int, lines: Sequence[str]) -> int | None:
    """Return the index of the line that ends the traceback that follows in the chain; None if the
    chain ends."""
    is_chained = is_within = False
    for index in range(at + 1, min(len(lines), at + _MOST_LINES)):
        line = lines[index]
        if any(each in line for each in _BOUNDARIES):
            if not is_chained:
                return None
            is_within = True
        elif is_within and line and not line.startswith(" "):
            return index
        else:
            is_chained = is_chained or line.startswith(CHAINED)
    return None


def trace_line(lines: Sequence[str], content: Path) -> Evidence | None:
    """Return the content's own line at which a program stood when it was ended.

    faulthandler writes the innermost frame first.
    """
    heads = [i for i, line in enumerate(lines) if "(most recent call first)" in line]
    for head in reversed(heads):
        for index in range(head + 1, min(len(lines), head + _MOST_LINES)):
            if not lines[index].startswith("  File"):
                break
            found = _own(lines, index, content, None)
            if found is not None:
                return found
    return None


def _log_line(finding: Finding, count: int) -> int:
    """Return the index of the last line of the log that proves a finding."""
    cited = [each.line for each in finding.evidence if each.source == "log"]
    return max(cited) - 1 if cited else count - 1


def _own(lines: Sequence[str], index: int, content: Path, notebook: str | None) -> Evidence | None:
    line = lines[index]
    if (frame := _FRAME.match(line)) is not None:
        return _in_file(frame["file"], int(frame["line"]), content)
    if (chunk := _CHUNK.search(line, 0, 4000)) is not None:
        return _in_file(chunk["file"] or chunk["new"], int(chunk["line"] or chunk["at"]), content)
    if notebook is None or (cell := _CELL.match(line)) is None:
        return None
    number = cell["cell"] or cell["old"] or _cell_before(lines, index)
    for below in lines[index + 1 : index + 20]:
        if (arrow := _ARROW.match(below)) is not None:
            code = arrow["code"].strip()[:_LONGEST]
            return Evidence(f"{notebook}, cell {number}", int(arrow["line"]), code)
    return None


def _cell_before(lines: Sequence[str], index: int) -> str:
    """Return the number of the cell that was executed last; old kernels do not name it."""
    for line in reversed(lines[:index]):
        if (said := _EXECUTED.match(line)) is not None:
            return said[1]
    return "?"


def _in_file(file: str, number: int, content: Path) -> Evidence | None:
    """Return the line of a file of the content as evidence; None for a file of something else."""
    path = Path(file) if file.startswith("/") else content / file
    # Content may have put a link in its way: nothing outside of its directory is quoted.
    if os.path.realpath(path) != os.path.join(
        os.path.realpath(content), os.path.relpath(path, content)
    ):
        return None
    name = path.relative_to(content)
    try:
        text = read_regular(path, _LARGEST_FILE).decode("utf-8", "replace")
    except OSError:
        return None
    found = text.splitlines()[number - 1 : number]
    return Evidence(str(name), number, found[0].strip()[:_LONGEST]) if found else None
