"""Refuse source archives (only-wheels = true): no package's code runs while it is installed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from ..file_io import read_regular
from ..findings import Finding
from .results import EnvironmentFailed

if TYPE_CHECKING:
    from pathlib import Path

    from .installer import Installation

WITHOUT_WHEEL = re.compile(
    r"No matching distribution found for (?P<pip>[^\s(]{1,200})"
    r"|(?:Because |and |only )(?P<uv>[A-Za-z0-9][A-Za-z0-9._=-]{0,200}) has no (?:usable )?wheels"
)
"""What pip and uv print of a package that they find no wheel of."""

_LARGEST_LOG = 64 * 1024 * 1024
_HARMLESS = re.compile(
    r"(?:-i|--index-url|--extra-index-url|-f|--find-links|--no-index|--trusted-host"
    r"|--prefer-binary|--pre|--require-hashes)(?:[\s=]|$)"
)
_NAMED = re.compile(r"\s*[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^\]]*\])?\s*(?:$|[<>=!~;(\s])")
_REMEDY = (
    "Have the author take a release that has a wheel, put a wheel of it on the index, or set "
    "only-wheels = false: then its code runs when it is installed."
)
_AUTHOR_REMEDY = "Take a release that has a wheel for this Python and platform."


def source_requirement(lines: Iterable[str], directory: Path) -> EnvironmentFailed | None:
    """Return why requirements are refused: they ask for something other than wheels.

    lines: the effective ones. directory: what relative paths start from.
    An option of theirs, an address, a path or a version control system would get around the
    installer's own ``--only-binary``.
    """
    for line in lines:
        if not _asks_for_wheels(line.removeprefix("-c ").strip(), directory):
            return _refused(f"the requirement {line[:200]!r} may be built from source")
    return None


def _asks_for_wheels(line: str, directory: Path) -> bool:
    if line.startswith("-"):
        return _HARMLESS.match(line) is not None
    subject = line.partition(" @ ")[2] or line
    is_named = subject is line and "://" not in line
    if is_named and _NAMED.match(line):
        return True
    place = re.split(r"[\s;#?]", subject.strip(), maxsplit=1)[0]
    if not place.endswith(".whl"):
        return False
    if "://" in place:
        return place.startswith(("http://", "https://"))
    return (directory / place).is_file()  # a directory of that name would be built


def source_archive(
    task: Installation, failed: EnvironmentFailed, package: str
) -> EnvironmentFailed:
    """Return the failure with its reason, where a package is there as a source archive only.

    package: what the installer has not found, as it names it; empty where it found all.
    """
    if not package:
        return failed
    name = re.split(r"[<>=!~\[;]", package, maxsplit=1)[0]
    if task.spec.installer == "pip" and not _has_source(task, name):
        return failed
    return replace(_refused(f"{package} is there as a source archive only"), status=failed.status)


def _has_source(task: Installation, name: str) -> bool:
    """Return whether pip's log names a source archive of the package that it passed over."""
    try:
        log = read_regular(task.log, _LARGEST_LOG)
    except OSError:
        return False
    wanted = re.escape(re.sub(r"[-_.]+", "-", name).lower()).replace(r"\-", "[-_.]+")
    return (
        re.search(rb"No sources permitted for " + wanted.encode() + rb":", log, re.IGNORECASE)
        is not None
    )


def _refused(why: str) -> EnvironmentFailed:
    cause = f"only-wheels is on, and {why}"
    finding = Finding(
        "source-archive-refused",
        "cause",
        f"{cause}.",
        _REMEDY,
        _AUTHOR_REMEDY,
        (),
    )
    return EnvironmentFailed("install", "source-archive-refused", cause, None, (finding,))
