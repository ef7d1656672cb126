"""Lines of the requirements that a log only points at: those that name an index, conda's lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ..findings import Evidence
from ..secrets import mask_secrets

_INDEX: Final = re.compile(r"\s*(?:--(?:extra-)?index-url|-i|--find-links|-f)[\s=]")
_ADDRESS: Final = re.compile(r"\burl\s*=\s*\"(https?://[^/\"\s]{1,300})")
_OF_CONDA: Final = re.compile(r"[\w.-]{1,200}=\d[^=\s]{0,60}=\w{1,60}$")
_MOST_SHOWN: Final = 3


def index_lines_of(texts: Mapping[str, bytes]) -> tuple[Evidence, ...]:
    """Return the lines that name an index, for ``KnownFacts.index_lines``; of a lock file the first
    line that names each host.

    texts: the requirements' files by name.
    """
    hosts: set[str] = set()
    found: list[Evidence] = []
    for name, number, line in _lines(texts):
        if not is_lock(name):
            is_wanted = _INDEX.match(line) is not None
        else:
            new = {each[1] for each in _ADDRESS.finditer(line)} - hosts
            is_wanted = bool(new)
            hosts |= new
        if is_wanted:
            found.append(Evidence(name, number, mask_secrets(line.strip()[:400])))
    return tuple(found)


def conda_list_of(texts: Mapping[str, bytes]) -> str | None:
    """Return what several lines of one file are, in words, for ``KnownFacts.conda_list``; None
    where there are not several of conda's.

    texts: the requirements' files by name.
    """
    by_file: dict[str, list[str]] = {}
    for name, _, line in _lines(texts):
        if is_conda_line(line.strip()):
            by_file.setdefault(name, []).append(line.strip())
    return next((conda_list(name, found) for name, found in by_file.items() if found[1:]), None)


def conda_list(name: str, lines: list[str]) -> str:
    """Return the cause of a finding about lines of conda's list."""
    some = ", ".join(f"'{line}'" for line in lines[:_MOST_SHOWN])
    more = f" and {len(lines) - _MOST_SHOWN} more" if len(lines) > _MOST_SHOWN else ""
    what = "are lines of conda's list, with builds that no index has"
    return f"{len(lines)} lines of {name} {what}: {some}{more}."


def is_conda_line(text: str) -> bool:
    """Return whether a line is one of `conda list --export`: NAME=VERSION=BUILD."""
    return _OF_CONDA.match(text) is not None


def is_lock(name: str) -> bool:
    """Return whether a file of requirements is a lock file (PEP 751, uv.lock)."""
    return name.endswith((".toml", ".lock"))


def _lines(texts: Mapping[str, bytes]) -> Iterator[tuple[str, int, str]]:
    for name, data in texts.items():
        for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), 1):
            yield name, number, line
