"""Requirements in canonical form: what an environment's identity is computed over.

Comments, spacing, the case and punctuation of names, the order of a specifier's clauses, of extras
and of hashes make no difference to what is installed, so they make none here; included files are
taken in place, so it does not matter how the lines are spread over files.

The order of the lines is kept. pip's resolver prefers what it meets first (the old one takes the
first line that names a package, the new one backtracks in that order), later index options
replace earlier ones, and source builds run in order: two orders can give two environments. Keeping
it costs a build that might have been shared, never a wrong environment.
"""

from __future__ import annotations

import re

from ..package_names import normalize
from .requirement_lines import LineKind
from .requirements import RequirementLine, Requirements

_NAMED = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*"
    r"(?:\[(?P<extras>[^\]]*)\])?\s*(?P<rest>.*)",
    re.DOTALL,
)
_QUOTED = re.compile(r"""('[^']*'|"[^"]*")""")


def effective_lines(requirements: Requirements) -> tuple[str, ...]:
    """Return one canonical line per line that has an effect, in pip's order; constraints begin ``-c
    ``.

    A line with variables stays as it is written: their values count with the configuration.
    A password in an address is part of it: these lines are for digests, not for showing.
    """
    return tuple(
        ("-c " if file.is_constraints else "") + _canonical(line)
        for file, line in requirements.walk()
        if line.kind is not LineKind.BLANK and line.included is None
    )


def _canonical(line: RequirementLine) -> str:
    if line.has_variables:
        return line.text
    parsed = line.parsed
    written = [name if value is None else f"{name}={value}" for name, value in parsed.options]
    if parsed.kind in (LineKind.OPTION, LineKind.INCLUDE, LineKind.CONSTRAINT, LineKind.UNKNOWN):
        # Several options on one line may depend on their order; one requirement's hashes do not.
        return " ".join(written) if written else line.text
    if parsed.kind is LineKind.EDITABLE:
        return " ".join(sorted(written))  # what is installed is the value of --editable
    subject = _named(parsed.subject) if parsed.kind is LineKind.NAMED else parsed.subject
    marker = "" if parsed.marker is None else f"; {_marker(parsed.marker)}"
    return " ".join(part for part in (subject + marker, *sorted(written)) if part)


def _named(subject: str) -> str:
    found = _NAMED.fullmatch(subject)
    if found is None:
        return subject
    name = normalize(found["name"])
    extras = sorted(
        {normalize(extra.strip()) for extra in (found["extras"] or "").split(",")} - {""}
    )
    rest = re.sub(r"\s+", "", found["rest"])
    if rest.startswith("(") and rest.endswith(")"):  # `name (>=1)`, as metadata once had it
        rest = rest[1:-1]
    clauses = ",".join(sorted(rest.split(",")))
    return f"{name}[{','.join(extras)}]{clauses}" if extras else f"{name}{clauses}"


def _marker(marker: str) -> str:
    """Spaces do not matter outside quotes, nor which quotes they are."""
    parts = _QUOTED.split(marker)
    for position, part in enumerate(parts):
        if position % 2:
            inner = part[1:-1]
            parts[position] = part if '"' in inner else f'"{inner}"'
        else:
            parts[position] = re.sub(r" ?([<>=!~()]+) ?", r"\1", re.sub(r"\s+", " ", part))
    return "".join(parts).strip()
