"""What the log of a failed start means: a defect of content, or something that its server would
give it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from ..findings import Evidence, Finding
from ..secrets import KnownSecrets
from ..settings import size_text
from .entry_point import with_entry_point
from .evidence import trace_line, with_own_line
from .job import RunJob
from .network import network_line
from .results import CheckResult, Starts
from .variables import missing_variable

_COLORS: Final = re.compile("\x1b\\[[0-9;]*m")
_CELL: Final = "pysteward: cell "
_LONGEST_SAID: Final = 200
_UNSPECIFIC = frozenset(
    {"unknown", "content-failed", "start-timeout", "index-unreachable", "connection-failed"}
)
"""Codes of findings that leave room for a variable, or a network, that is missing."""


def explain_failure(
    result: CheckResult,
    job: RunJob,
    lines: Sequence[str],
    findings: Sequence[Finding],
    content: Path,
    secrets: KnownSecrets,
) -> CheckResult:
    """Return a failed check with its findings, the first line of evidence in the content's own file
    where there is one.

    lines: the log of the check. findings: what diagnosis found in it; the numbers of their lines
    count from 1 there. content: the directory that content ran in.
    """
    lines = [_COLORS.sub("", line) for line in lines]
    notebook = job.entry if job.entry.endswith(".ipynb") else None
    # What the check itself knows is certain; what the log says comes after it.
    told = tuple(each for each in findings if each.role == "cause")
    causes = (*result.findings, *(each for each in told if each.code != "unknown")) or told
    starts, causes = _told_apart(result, job, lines, causes)
    shown = tuple(with_own_line(each, lines, content, notebook, secrets) for each in causes[:1])
    if shown:
        traced = trace_line(lines, content) if shown[0].code == "start-timeout" else None
        if traced is not None and traced not in shown[0].evidence:
            traced = replace(traced, text=secrets.mask(traced.text))
            told = f"{shown[0].cause} It was at {traced.source}, line {traced.line}."
            shown = (replace(shown[0], cause=told, evidence=(traced, *shown[0].evidence)),)
        elif shown[0].code == "entry-point-missing":
            shown = (with_entry_point(shown[0], job.app_mode, job.entry, content),)
    others = tuple(each for each in findings if each.role != "cause")
    why = result.why if starts == "no" else shown[0].cause.rstrip(".")
    return replace(result, starts=starts, why=why, findings=(*shown, *causes[1:], *others))


def _told_apart(
    result: CheckResult, job: RunJob, lines: Sequence[str], causes: tuple[Finding, ...]
) -> tuple[Starts, tuple[Finding, ...]]:
    code = causes[0].code if causes else "unknown"
    if code == "variable-missing":
        return "needs-variables", causes
    if code in _UNSPECIFIC:
        if (missing := missing_variable(lines, job.variables)) is not None:
            return "needs-variables", (_variable_finding(*missing, lines), *causes[1:])
        at = None if job.has_network else network_line(lines)
        if at is not None:
            return "needs-network", (_network_finding(at, lines), *causes[1:])
    if code == "out-of-memory" and not result.findings:
        return "no", (_memory_finding(causes[0], job), *causes[1:])
    if code == "unknown" or (result.is_late and code == "cancelled"):
        plain = (
            _late_finding(result, lines) if result.is_late else _plain_finding(result, job, causes)
        )
        return "no", (plain,)
    return "no", causes


def _variable_finding(name: str, index: int, lines: Sequence[str]) -> Finding:
    return Finding(
        "variable-missing",
        "cause",
        f"The content wants the environment variable {name}, which is not set.",
        f"Give {name} in check-environment, or with --env-file, and check again.",
        f"Say to the administrator which variables the content needs, or give {name} a default.",
        (_evidence(index, lines),),
    )


def _network_finding(index: int, lines: Sequence[str]) -> Finding:
    return Finding(
        "network-needed",
        "cause",
        "The content wants the network when it starts, and a start check has none.",
        "Set check-network = true, or check with --network: then content reaches, and may change, "
        "what it connects to.",
        "Connect when the first request comes, not when the file is imported.",
        (_evidence(index, lines),),
    )


def _memory_finding(found: Finding, job: RunJob) -> Finding:
    limit = size_text(job.limits.memory)
    return replace(
        found,
        cause=f"The content ran out of memory: each of its processes may use {limit}, and all of "
        "them together no more (check-memory).",
        remedy="Raise check-memory, or give --memory, if content may take that much.",
        author_remedy="Load less data when the content starts, or read it lazily.",
    )


def _late_finding(result: CheckResult, lines: Sequence[str]) -> Finding:
    cells = [line for line in lines if line.startswith(_CELL)]
    where = f" It was in {cells[-1].removeprefix('pysteward: ')}." if cells else ""
    return Finding(
        "start-timeout",
        "cause",
        f"The content was ended at its time limit: {result.why}.{where}",
        "Raise check-timeout, or give --timeout, if it may take longer.",
        "See what it waits for; load less, or later.",
        (),
    )


def _plain_finding(result: CheckResult, job: RunJob, causes: tuple[Finding, ...]) -> Finding:
    evidence = causes[0].evidence if causes else ()
    what = "The content does not start" if job.kind == "check" else "The document is not rendered"
    said = evidence[-1].text.strip()[:_LONGEST_SAID] if evidence else ""
    return Finding(
        "content-failed",
        "cause",
        f"{what}: {result.why}." + (f" It said: {said}" if said else ""),
        "Read the log of this run; if it says nothing, run the content by hand "
        "(pysteward content run).",
        "Start the content in a fresh environment with the same requirements and Python.",
        evidence,
    )


def _evidence(index: int, lines: Sequence[str]) -> Evidence:
    return Evidence("log", index + 1, lines[index])
