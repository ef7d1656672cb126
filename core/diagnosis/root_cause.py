"""Find what ended a build, from what the rules make of single lines.

What a later success made good is no cause. What is left falls into stretches, each ending where pip
gives a package up. The root cause is the explanation nearest to the root in the first stretch that
has one; what a package survived (a wheel that failed where the old way of installing then worked)
is no cause. What only warns is told whether or not the build succeeded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ..findings import Evidence, Finding, Role
from ..secrets import mask_secrets
from .attempts import Attempt, Outcomes, failure_at, outcomes_of
from .log_lines import NOTES, Line, Log
from .model import Diagnosis
from .requirement_lines import is_lock
from .rule import (
    BuildLogs,
    Explanation,
    Layer,
    Rule,
)
from .rules.connection_errors import where_of
from .tracebacks import source_lines
from .unexplained import unexplained

_GIVEN_UP: Final = re.compile(r"[Ff]ailed building (?:wheel|editable) for (?P<name>[\w.-]{1,100})")
_SURVIVED: Final = re.compile(
    r"Running setup\.py install for (?P<name>[\w.-]{1,100})"
    r"(?:: finished with status 'done'|[ .]{1,6}done)|"
    r"(?P<old>[\w.-]{1,100}) was installed using the legacy 'setup\.py install'"
)
_MOST_EVIDENCE: Final = 8
_MOST_FINDINGS: Final = 8
_LONGEST_EVIDENCE: Final = 16_000
_SAID_OFTEN: Final = 10


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """A explanation and the line that tells it."""

    index: int
    line: Line
    explanation: Explanation
    layer: Layer


def find_root_cause(case: BuildLogs, rules: Sequence[Rule]) -> Diagnosis:
    """Return the outcome of a build, or of several in one log, and what ended it."""
    log = case.log
    outcomes = outcomes_of(log)
    success = outcomes.success
    standing = {*range(success + 1, len(log.lines))}
    failed = [*outcomes.failed, *(one for one in outcomes.unclear if _is_known(case, rules, one))]
    standing.update(index for one in failed for index in range(one.start, one.end))
    explained = explain_lines(case, log, rules, standing)
    warnings = [one for one in explained if one.layer is Layer.WARNING]
    failures = [one for one in explained if one.layer is not Layer.WARNING]
    if _nothing_decisive(failures) and case.debug is not None:
        failures = _of_debug(case, case.debug, rules) or failures
    failing = [index for index in sorted(standing) if failure_at(log, index)]
    made_good = _made_good(case, rules, outcomes)
    if success >= 0 and not failures and not failing:
        found = _findings((*made_good, *warnings), "warning")
        named = tuple(_with_index_line(each, case.context.index_lines) for each in found)
        return Diagnosis("succeeded", _each_once(named)[:_MOST_FINDINGS])
    warned = {one.index for one in warnings}
    failing = [index for index in failing if index not in warned]
    if not failing and all(one.layer is Layer.GENERAL for one in failures):
        failures = []  # such sentences prove no failure by themselves
    survived = _survived(log)
    stretches = [part for part in _stretches(log, failures, survived) if part]
    if failures and not stretches:
        return Diagnosis("succeeded" if success >= 0 else "unknown", _findings(warnings, "warning"))
    if not failures and not failing:
        return Diagnosis("unknown", _findings(warnings, "warning"))
    causes, followers = _causes(stretches) if stretches else ([], [])
    if not causes or causes[0].explanation.gives_up:
        causes, followers = [_unexplained(case, causes, failing)], []
    found: tuple[Finding, ...] = (
        *_findings(causes, "cause"),
        *_findings(followers, "consequence"),
        *_findings((*made_good, *warnings), "warning"),
    )
    if case.context.index_lines:
        found = tuple(_with_index_line(finding, case.context.index_lines) for finding in found)
    if not case.context.authored:
        found = tuple(replace(finding, author_remedy=None) for finding in found)
    outcome = "cancelled" if causes[0].explanation.code == "cancelled" else "failed"
    return Diagnosis(outcome, _each_once(found)[:_MOST_FINDINGS])


_OF_INDEX: Final = frozenset(
    {"index-auth", "index-error", "index-not-an-index", "index-timeout", "index-unreachable"}
    | {"index-untrusted", "tls-certificate", "package-not-found", "version-not-found"}
)


def _with_index_line(finding: Finding, lines: Sequence[Evidence]) -> Finding:
    """A failure of an index that the requirements themselves name: that line is to blame for it.

    No remedy in the server's configuration helps: the line wins over it.
    """
    if finding.code not in _OF_INDEX:
        return finding
    for line in lines:
        host = where_of(line.text)
        is_asked = finding.code in ("package-not-found", "version-not-found")
        if host in finding.cause or (is_asked and not is_lock(line.source)):
            where = f"{line.source}, line {line.line}"
            if is_lock(line.source):
                return _with_lock_line(finding, line, where)
            if finding.role == "warning":
                return _with_line_of_warning(finding, line, where)
            return replace(
                finding,
                cause=f"{finding.cause} {where} names that index, and wins over the server's own.",
                remedy=f"Have the author take out {where}, or let this server reach that index; "
                "changing pip's configuration does not help.",
                author_remedy=f"Take the line {line.line} out of {line.source}, so that the "
                "server's own index is asked.",
                evidence=(line, *finding.evidence)[:_MOST_EVIDENCE],
            )
    return finding


def _with_line_of_warning(finding: Finding, line: Evidence, where: str) -> Finding:
    """The installer went on without that index, which costs its time."""
    return replace(
        finding,
        cause=f"{finding.cause} {where} names that index.",
        remedy=f"Let this server reach that index, or have the author take out {where}.",
        author_remedy=f"Take the line {line.line} out of {line.source}, if nothing comes from that "
        "index.",
        evidence=(line, *finding.evidence)[:_MOST_EVIDENCE],
    )


def _with_lock_line(finding: Finding, line: Evidence, where: str) -> Finding:
    """A lock file names each file's own address: no index is asked in place of it."""
    return replace(
        finding,
        cause=f"{finding.cause} {where} names that address.",
        remedy="Let this server reach that address, or have the author lock against an index that "
        "it reaches; an index in pip's configuration is not asked.",
        author_remedy=f"Write {line.source} anew with an index that the server reaches.",
        evidence=(line, *finding.evidence)[:_MOST_EVIDENCE],
    )


def _unexplained(
    case: BuildLogs, causes: Sequence[ExplainedLine], failing: Sequence[int]
) -> ExplainedLine:
    """The honest answer where a tool only says that it gave up, or nothing is known at all."""
    indices = list(failing) or [causes[0].index]
    explanation = unexplained(case, case.log, indices)
    first = explanation.evidence[0] if explanation.evidence else case.log.lines[indices[0]]
    return ExplainedLine(indices[0], first, explanation, Layer.EXIT)


def _is_known(case: BuildLogs, rules: Sequence[Rule], attempt: Attempt) -> bool:
    """Whether a rule knows a cause in a build that does not say what it wanted.

    Without one its lines are as likely noise before the build that succeeded.
    """
    explained = explain_lines(case, case.log, rules, {*range(attempt.start, attempt.end)})
    return any(
        one.layer < Layer.EXIT and attempt.start <= one.index < attempt.end for one in explained
    )


def _made_good(
    case: BuildLogs, rules: Sequence[Rule], outcomes: Outcomes
) -> tuple[ExplainedLine, ...]:
    """The causes of builds that were repeated with success: they are worth a warning."""
    found: list[ExplainedLine] = []
    for attempt in outcomes.made_good:
        explained = explain_lines(case, case.log, rules, {*range(attempt.start, attempt.end)})
        failures = [one for one in explained if one.layer < Layer.EXIT and one.index < attempt.end]
        if failures:
            found.append(min(failures, key=lambda one: (one.layer, one.index)))
    return tuple(found)


def explain_lines(
    case: BuildLogs, log: Log, rules: Sequence[Rule], standing: Container[int]
) -> list[ExplainedLine]:
    """Return what the rules make of each line; of several explanations that nearest to the root.

    standing: the lines that count; in others only what warns is of interest. A line that says the
    same as many before it says nothing new.
    """
    warning = [rule for rule in rules if rule.layer is Layer.WARNING]
    said: Counter[str] = Counter()
    explained: list[ExplainedLine] = []
    source = source_lines(log)
    fitting_of: dict[str, Sequence[Rule]] = {}
    for index, line in enumerate(log.lines):
        if index in source or line.body.startswith(NOTES):
            continue
        said[line.body] += 1
        if said[line.body] > _SAID_OFTEN:
            continue
        best: ExplainedLine | None = None
        if index not in standing:
            fitting: Sequence[Rule] = warning
        elif line.body in fitting_of:
            fitting = fitting_of[line.body]
        else:
            fitting = fitting_of[line.body] = [rule for rule in rules if rule.may_know(line.body)]
        for rule in fitting:
            explanation = rule.try_on(case, log, index)
            if explanation is None:
                continue
            layer = rule.layer if explanation.layer is None else explanation.layer
            if layer < Layer.GENERAL and _is_warning(line) and explanation.code not in _WARNED_OF:
                layer = Layer.GENERAL  # what says so went on
            if best is None or layer < best.layer:
                best = ExplainedLine(index, line, explanation, layer)
        if best is not None:
            explained.append(best)
    return explained


# Tools warn of these, and fail for want of them later.
_WARNED_OF: Final = _OF_INDEX | {"python-block-missing"}
_WARNING: Final = re.compile(
    r"(?!Warning: Error in )(?:\[?(?:WARNING|Warning|warning|WARN|warn|notice)\b[:\]]|"
    r"\S{0,200}:\d{1,6}: \w{0,40}Warning: )"
)


def _is_warning(line: Line) -> bool:
    return bool(_WARNING.match(line.body))


def _nothing_decisive(failures: Iterable[ExplainedLine]) -> bool:
    return all(one.layer >= Layer.EXIT for one in failures)


def _of_debug(case: BuildLogs, debug: Log, rules: Sequence[Rule]) -> list[ExplainedLine]:
    """What pip's own log tells where the shown one tells nothing."""
    start = outcomes_of(debug).success + 1
    explained = explain_lines(case, debug, rules, range(start, len(debug.lines)))
    return [one for one in explained if one.layer is not Layer.WARNING]


def _survived(log: Log) -> frozenset[str]:
    """Packages that were installed after all, the old way, when their wheel could not be built."""
    names: set[str] = set()
    for line in log.lines:
        if "setup.py install" in line.body and (found := _SURVIVED.search(line.body, 0, 1000)):
            names.add((found["name"] or found["old"]).lower())
    return frozenset(names)


def _stretches(
    log: Log, failures: Sequence[ExplainedLine], survived: frozenset[str]
) -> list[list[ExplainedLine]]:
    """The failures, divided where a package was given up, without those that it survived."""
    ends = [
        (index, found["name"].lower())
        for index, line in enumerate(log.lines)
        if "ailed building" in line.body and (found := _GIVEN_UP.search(line.body, 0, 1000))
    ]
    parts: list[list[ExplainedLine]] = []
    start = -1
    for end, name in ends:
        part = [one for one in failures if start < one.index <= end]
        if name not in survived:
            parts.append(part)
        start = end
    parts.append([one for one in failures if one.index > start])
    return parts


def _causes(
    stretches: Sequence[Sequence[ExplainedLine]],
) -> tuple[list[ExplainedLine], list[ExplainedLine]]:
    """The causes, the root first, and what followed from them."""
    every = [one for part in stretches for one in part]
    verdicts = [one for one in every if one.layer is Layer.VERDICT]
    if verdicts:
        return verdicts[-1:], []
    causes = [
        min(part, key=lambda one: (one.layer, one.index))
        for part in stretches
        if not _nothing_decisive(part)
    ]
    if not causes:
        return [min(every, key=lambda one: one.index)], []
    followers = [one for one in every if one.layer is Layer.EXIT and one.index > causes[0].index]
    return causes, followers


def _findings(explained: Iterable[ExplainedLine], role: Role) -> tuple[Finding, ...]:
    return tuple(_finding(one, role) for one in explained)


def _finding(one: ExplainedLine, role: Role) -> Finding:
    explanation = one.explanation
    lines = sorted({one.line, *explanation.evidence}, key=lambda line: (line.source, line.number))
    author = explanation.author_remedy
    return Finding(
        explanation.code,
        role,
        mask_secrets(" ".join(explanation.cause.split())),  # what a line quotes may be padded
        mask_secrets(explanation.remedy),
        None if author is None else mask_secrets(author),
        tuple(evidence_of(line) for line in lines[:_MOST_EVIDENCE]),
    )


def evidence_of(line: Line) -> Evidence:
    """A line as proof: secrets masked, no longer than can be read."""
    text = mask_secrets(line.text)
    if len(text) > _LONGEST_EVIDENCE:
        text = f"{text[: _LONGEST_EVIDENCE - 200]} … {text[-200:]}"
    return Evidence(line.source, line.number, text)


def _each_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings without those that say again what one before them said."""
    kept: dict[object, Finding] = {}
    causes: set[str] = set()
    for found in findings:
        if found.role == "consequence" and found.code in causes:
            continue
        causes.add(found.code)
        kept.setdefault((found.code, found.cause), found)
    return tuple(kept.values())
