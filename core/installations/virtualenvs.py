"""Which release of virtualenv makes environments for which Python. Pure, but for pysteward's own.

The facts are the releases' Requires-Python on the index, and trials: an environment was made, and
something installed into it, by releases on both sides of each border.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ..versions import PythonVersion

_LAST_RELEASES = {
    (2, 7): "20.15.1",
    (3, 4): "20.4.7",
    (3, 5): "20.15.1",
    (3, 6): "20.17.1",
    (3, 7): "20.26.6",
    (3, 8): "21.4.3",
}
# Requirements for lines whose support has ended: the first release without it is excluded, and so
# are dependencies that an old pip takes without asking whether they support this Python.
_REQUIREMENTS = {
    (2, 7): ("virtualenv<20.16",),
    (3, 4): ("virtualenv<20.5",),
    (3, 5): ("virtualenv<20.16",),
    (3, 6): ("virtualenv<20.18", "importlib-metadata<5", "importlib-resources<6"),
    (3, 7): ("virtualenv<20.27",),
    (3, 8): ("virtualenv<21.5",),
}
# The last release that carries a pip for a line; it runs on the Python that runs pysteward. What is
# fetched stands in a file for each, which README's part "Without internet" names, too.
_FETCHED = {
    (2, 7): "20.21.1",
    (3, 5): "20.21.1",
    (3, 6): "20.21.1",
    (3, 7): "20.26.6",
    (3, 8): "21.4.3",
}
# The first release whose environments work. Before it, virtualenv 16 asks for distutils or for
# names that sysconfig no longer has, and later ones seed a pip that needs pkgutil.ImpImporter,
# which 3.12 removed: creating them succeeds, installing into them does not.
_FIRST_RELEASES = (((3, 12), "20.21.1"), ((3, 10), "20.0.0"))

_CLAUSE = re.compile(r"(>=|<=|==|!=|~=|>|<)\s*([0-9]+(?:\.[0-9]+)*)(\.\*)?")


def requirements_for(python: PythonVersion) -> tuple[str, ...]:
    """Return what to install to get a virtualenv that supports this Python."""
    return _REQUIREMENTS.get(python.line, ("virtualenv",))


def why_unable(release: str, requires_python: str, python: PythonVersion) -> str | None:
    """Return why this release of virtualenv makes no working environment for this Python, or None.

    requires_python: the release's own Requires-Python; empty where it has none.
    """
    number = numbers(release)
    if number:
        last = _LAST_RELEASES.get(python.line)
        if last is not None and number > numbers(last):
            return f"{last} is the last release that supports Python {_line(python)}"
        for line, first in _FIRST_RELEASES:
            if python.line >= line and number < numbers(first):
                return f"{first} is the first release that supports Python {_line(python)}"
    if not allows(requires_python, python):
        return f"that release requires Python {requires_python}"
    return None


def allows(requires_python: str, python: PythonVersion) -> bool:
    """Return whether a Requires-Python (PEP 345) allows a version.

    Only plain clauses are judged, and one that is not plain allows: this runs at every start,
    where the whole of PEP 440 would take ten times as long as all the rest.
    """
    return all(_clause_allows(clause.strip(), python) for clause in requires_python.split(","))


def _clause_allows(clause: str, python: PythonVersion) -> bool:
    found = _CLAUSE.fullmatch(clause)
    if found is None:
        return True
    operator, wanted = found[1], numbers(found[2])
    have = (python.major, python.minor, python.patch)
    padded = (*wanted, 0, 0, 0)[:3]
    same = have[: len(wanted)] == wanted if found[3] else have == padded
    compatible = have >= padded and have[: len(wanted) - 1] == wanted[:-1]
    return {
        ">=": have >= padded,
        "<=": have <= padded,
        ">": have > padded,
        "<": have < padded,
        "==": same,
        "!=": not same,
        "~=": compatible,
    }[operator]


def numbers(release: str) -> tuple[int, ...]:
    """Return the numbers that a release begins with, for comparing; empty where there are none."""
    found = re.match(r"[0-9]{1,9}(?:\.[0-9]{1,9})*", release)
    return tuple(map(int, found[0].split("."))) if found else ()


def fetched_release(line: tuple[int, int]) -> str | None:
    """Return the release of virtualenv that pysteward has pip fetch for a Python that its own
    virtualenv has no pip for; None where its own serves, or no release does.

    line: MAJOR and MINOR of the Python.
    """
    return None if line in bundled_lines() else _FETCHED.get(line)


def wheels_of(release: str) -> str:
    """Return what is fetched for such a release: requirements, each with its version and hash."""
    return Path(__file__).with_name(f"virtualenv-{release}.txt").read_text("utf-8")


def lines_served() -> frozenset[tuple[int, int]]:
    """Return the MAJOR.MINOR lines that pysteward makes environments for without a virtualenv in
    the installation; empty where its own is not installed.
    """
    own = bundled_lines()
    return own | _FETCHED.keys() if own else own


@cache
def bundled_lines() -> frozenset[tuple[int, int]]:
    """Return the MAJOR.MINOR lines that pysteward's own virtualenv has a pip for.

    Read from the table of its bundled wheels, because importing it takes longer than an analysis;
    empty where it is not installed.
    """
    from importlib.util import find_spec

    found = find_spec("virtualenv")
    if found is None or found.origin is None:
        return frozenset()
    table = Path(found.origin).parent / "seed" / "wheels" / "embed" / "__init__.py"
    try:
        text = table.read_text("utf-8")
    except OSError:
        return frozenset()
    return frozenset(
        (int(major), int(minor)) for major, minor in re.findall(r'"(\d)\.(\d+)": \{', text)
    )


def _line(python: PythonVersion) -> str:
    return f"{python.major}.{python.minor}"
