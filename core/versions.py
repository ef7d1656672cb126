"""A Python version, the oldest that is supported, and when each line's support ends."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import total_ordering
from typing import TYPE_CHECKING

from .errors import RequestError

if TYPE_CHECKING:
    from datetime import date

# Lengths are bounded because int() of thousands of digits raises, or takes its time.
_VERSION = re.compile(
    r"(?P<major>[0-9]{1,6})\.(?P<minor>[0-9]{1,6})(?:\.(?P<patch>[0-9]{1,6}))?"
    r"(?:(?P<stage>a|b|c|rc)(?P<serial>[0-9]{1,6}))?\+?"
)
_STAGES = {"a": 0, "b": 1, "c": 2, "rc": 2}
_FINAL = 3


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class PythonVersion:
    """The version of an interpreter, as ``sys.version_info`` has it; versions compare as numbers.

    pre: None for a final release, else ``a1``, ``b2`` or ``rc1``; it sorts before the final.
    """

    major: int
    minor: int
    patch: int = 0
    pre: str | None = None

    @classmethod
    def parse(cls, text: str) -> PythonVersion:
        """Read ``3.7.1``, ``3.7`` (means 3.7.0), ``3.13.0rc1`` or ``3.9.2+`` (means 3.9.2).

        Raises RequestError for anything else, a lone ``3`` included.
        """
        stripped = text.strip()
        found = _VERSION.fullmatch(stripped)
        if found is None:
            raise RequestError(f"{text!r} is not a Python version: write MAJOR.MINOR.PATCH")
        stage, serial = found["stage"], found["serial"]
        pre = None
        if stage is not None:
            pre = f"{'rc' if stage == 'c' else stage}{int(serial)}"
        return cls(int(found["major"]), int(found["minor"]), int(found["patch"] or 0), pre)

    @property
    def line(self) -> tuple[int, int]:
        """MAJOR.MINOR as a pair."""
        return (self.major, self.minor)

    @property
    def is_prerelease(self) -> bool:
        return self.pre is not None

    @property
    def key(self) -> tuple[int, int, int, int, int]:
        """What versions are ordered by."""
        if self.pre is None:
            return (self.major, self.minor, self.patch, _FINAL, 0)
        stage = self.pre.rstrip("0123456789")
        serial = int(self.pre[len(stage) :])
        return (self.major, self.minor, self.patch, _STAGES[stage], serial)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PythonVersion) and self.key == other.key

    def __lt__(self, other: PythonVersion) -> bool:
        return self.key < other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}{self.pre or ''}"


# RStudio Connect's admin guide, "Python": the lowest supported version of each major one.
_OLDEST = {2: PythonVersion(2, 7, 9), 3: PythonVersion(3, 4, 0)}

# The status table of the Python developer's guide; for a future end, the month's last day.
_ENDS = {
    (2, 7): "2020-01-01",
    (3, 4): "2019-03-18",
    (3, 5): "2020-09-30",
    (3, 6): "2021-12-23",
    (3, 7): "2023-06-27",
    (3, 8): "2024-10-07",
    (3, 9): "2025-10-31",
    (3, 10): "2026-10-31",
    (3, 11): "2027-10-31",
    (3, 12): "2028-10-31",
    (3, 13): "2029-10-31",
    (3, 14): "2030-10-31",
    (3, 15): "2031-10-31",
}


def end_of_life(version: PythonVersion) -> date | None:
    """Return the last day on which this line gets security fixes; None where it is not known."""
    from datetime import date

    end = _ENDS.get(version.line)
    return None if end is None else date.fromisoformat(end)


def ended(version: PythonVersion) -> str | None:
    """That day, such as ``2024-10-07``, if it is over."""
    end = _ENDS.get(version.line)
    return end if end is not None and end < time.strftime("%Y-%m-%d") else None


def unsupported(version: PythonVersion) -> str | None:
    """Return why pysteward cannot use this version at all; None where it can."""
    oldest = _OLDEST.get(version.major)
    if oldest is None:
        if version.major > max(_OLDEST):
            return None
        return f"Python {version} is not supported: the oldest is {min(_OLDEST.values())}"
    if version >= oldest:
        return None
    return f"Python {version} is below {oldest}, the oldest supported {version.major}.x"


def selected_by(text: str, versions: Iterable[PythonVersion]) -> frozenset[PythonVersion]:
    """Return those that a person means: ``3.8.1`` is that version, ``3.8`` every 3.8.x.

    Raises RequestError for what is not a version, and where none is meant.
    """
    asked = PythonVersion.parse(text)
    whole_line = text.count(".") == 1 and asked.pre is None
    there = sorted(versions)
    meant = {v for v in there if v == asked or (whole_line and v.line == asked.line)}
    if not meant:
        available = ", ".join(map(str, there)) or "none"
        raise RequestError(f"no installation is a {text.strip()}; there are: {available}")
    return frozenset(meant)
