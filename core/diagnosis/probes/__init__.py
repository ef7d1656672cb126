"""Asks further than a log tells, harmlessly: the index, the disk, the compilers.

checks = list(probe(Surroundings(…)))
refine(diagnosis, checks)                what they add to the findings
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ...environments import read_configuration
from ...findings import Evidence, Finding
from ...installations import Installation
from ...processes import BUILD_PATH
from ..model import Diagnosis
from .index import ask_indexes
from .machine import (
    look_at_disk,
    look_at_installations,
    look_for_tools,
    try_writing,
)
from .model import Check

__all__ = ["Check", "Surroundings", "probe", "refine"]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What builds on this server have around them.

    directories: where a build writes. timeout: seconds that an index may take.
    """

    build_environment: Mapping[str, str]
    directories: Sequence[Path]
    installations: Sequence[Installation] = ()
    timeout: float = 15.0


def probe(surroundings: Surroundings) -> Iterator[Check]:
    """Every check, as it is answered; the machine's own come first, they are quick."""
    yield from look_at_disk(surroundings.directories)
    yield from try_writing(surroundings.directories)
    yield from look_for_tools(surroundings.build_environment.get("PATH", BUILD_PATH))
    yield from look_at_installations(surroundings.installations)
    configuration = read_configuration(surroundings.build_environment)
    yield from ask_indexes(configuration, surroundings.build_environment, surroundings.timeout)


# What pip says when the index did not: each of these may really be one of the codes beside it.
_HIDDEN_BY = {
    "package-not-found": ("index-auth", "index-error", "index-not-an-index", "index-unreachable"),
    "version-not-found": ("index-auth", "index-error", "index-not-an-index"),
    "no-compatible-file": ("index-auth", "index-error", "index-not-an-index"),
    "index-unreachable": ("index-timeout", "proxy-unreachable", "tls-certificate"),
    "unknown": (
        *("disk-full", "index-auth", "index-error", "index-not-an-index", "index-timeout"),
        *("index-unreachable", "permission-denied", "proxy-unreachable", "read-only-filesystem"),
        *("stdlib-module-missing", "tls-certificate"),
    ),
}


def refine(diagnosis: Diagnosis, checks: Sequence[Check]) -> Diagnosis:
    """The findings with what was found to be wrong now.

    Where the log's cause may hide another that was found, that is the cause, and the log's follows
    from it. Everything else found is a warning: it is so now, and may not have been so then.
    """
    findings = list(diagnosis.findings)
    cause = diagnosis.cause
    hidden = _HIDDEN_BY.get(cause.code, ()) if cause is not None else ()
    known = {finding.code for finding in findings}
    for number, check in enumerate(checks, 1):
        if check.code is None or check.code in known:
            continue
        known.add(check.code)
        found = Finding(
            check.code,
            "warning",
            check.said,
            check.remedy or "",
            None,
            (Evidence("probe", number, f"{check.name}: {check.said}"),),
        )
        if check.code in hidden and cause in findings:
            findings[findings.index(cause)] = replace(cause, role="consequence")
            findings.insert(0, replace(found, role="cause"))
        else:
            findings.append(found)
    return replace(diagnosis, findings=tuple(findings))
