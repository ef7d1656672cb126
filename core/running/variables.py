"""Failures for want of a variable that the content's server would give it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final

# As programs, and the libraries for settings, say that a variable is missing. A name is in capital
# letters, so that a sentence about something else is not taken for it.
_NAME: Final = r"['\"`$]?(?P<{}>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)['\"`]?"
_MISSING: Final = re.compile(
    # "environment variable X is not set", environs: 'Environment variable "X" not set'
    r"[Ee]nv(?:ironment)?[ -]?var(?:iable)?s? " + _NAME.format("a") + r"|"
    # "X environment variable is missing", django-environ: "Set the X environment variable"
    + _NAME.format("b") + r" (?:in (?:the|your) )?env(?:ironment)?(?: variable)?\b|"
    # "X is not set", "X must be set", decouple: "X not found. Declare it as envvar"
    + _NAME.format("c")
    + r" (?:is |was |are )?(?:not (?:set|defined|found\. Declare)|unset|"
    r"must be (?:set|given|defined)|required|missing)"
)  # fmt: skip
# pydantic-settings names the field below its own line, in the case of the class.
_SETTINGS: Final = re.compile(
    r"validation errors? for (?P<class>\w{0,80}(?:Settings|Config|Env)\w{0,80})"
)
_FIELD: Final = re.compile(r"^(?P<name>[A-Za-z_][\w.]{0,80})$")
_LAST: Final = 12


def missing_variable(lines: Sequence[str], given: Collection[str]) -> tuple[str, int] | None:
    """Return the variable that content asks for in the last lines of its log, and the line's index.

    given: the names of the variables that it has. None where it asks for none.
    """
    for index in range(len(lines) - 1, max(-1, len(lines) - 1 - _LAST), -1):
        line = lines[index]
        if line.startswith("pysteward: "):
            continue
        if (settings := _SETTINGS.search(line, 0, 2000)) is not None:
            name = _field_below(lines[index + 1 : index + 4])
            if name is not None and name.upper() not in given and settings:
                return name.upper(), index
        found = _MISSING.search(line, 0, 2000)
        name = next((part for part in found.groups() if part), "") if found else ""
        if len(name) > 2 and name not in given:
            return name, index
    return None


def _field_below(lines: Sequence[str]) -> str | None:
    for line, below in pairwise(lines):
        if (field := _FIELD.match(line)) is not None and "ield required" in below:
            return field["name"]
    return None
