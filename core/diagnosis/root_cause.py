"""From the stories of single lines to the diagnosis of a log: what ended it, what only followed.

The last success counts: what stands before it was got over. After it, the log falls into stretches,
each ending where pip gives a package up. The root cause is the story nearest to the root in the
first stretch that has one; what a package survived (a wheel that failed where the old way of
installing then worked) is no cause. What only warns is told whether or not the build succeeded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ..findings import Evidence, Finding, Role
from ..secrets import mask_secrets
from .log_lines import Line, Log
from .model import Diagnosis
from .rule import (
    BuildLogs,
    Explanation,
    Layer,
    Rule,
)

_SUCCESS: Final = re.compile(
    r"^(?:Successfully installed |Completed Python build|Installed \d{1,6} packages? in |"
    r"Requirement already (?:satisfied|up-to-date)|All requirements? (?:are|is) already)"
)
_NESTED_SUCCESS: Final = re.compile(r"(?:^|\s)\s(?:Successfully installed|Installed \d)")
_HEROKU: Final = re.compile(r"^(?:remote: )? {7}(?! )")  # what it puts before each line
_BUSY: Final = ("Collecting ", "Downloading ", "Using cached ", "Building wheel", "Installing ")
_FAILURE: Final = re.compile(
    r"^(?:ERROR|Error|error|FATAL|Fatal|fatal|CRITICAL)\b[:\s](?! ?pip's dependency resolver)|"
    r"^× |^Traceback \(most recent|"
    r"(?:exited|failed|errored out|returned|ended) with "
    r"(?:non-zero )?(?:exit )?(?:status|code|error code)[: ]{1,2}-?[1-9]|"
    r"returned non-zero exit status|non-zero exit code|^# exit=[1-9]|"
    r"finished with status 'error'|[Bb]uild failed|"
    r"[Dd]eployment failed|An error occurred while building|"
    r"^\S{1,80}(?:Error|Exception): |^No files/directories in |"
    r"did not run successfully|exit (?:code|status):? [1-9]"
)
_GIVEN_UP: Final = re.compile(r"[Ff]ailed building (?:wheel|editable) for (?P<name>[\w.-]{1,100})")
_SURVIVED: Final = re.compile(
    r"Running setup\.py install for (?P<name>[\w.-]{1,100})"
    r"(?:: finished with status 'done'|[ .]{1,6}done)|"
    r"(?P<old>[\w.-]{1,100}) was installed using the legacy 'setup\.py install'"
)
_NOTES: Final = ("Found link", "Skipping link", "Link requires")  # looked up by rules, no failure
_TELLING_LINES: Final = 6
_MOST_EVIDENCE: Final = 8
_MOST_FINDINGS: Final = 8
_LONGEST_EVIDENCE: Final = 16_000
_SAID_OFTEN: Final = 10


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """A story and the line that tells it."""

    index: int
    line: Line
    story: Explanation
    layer: Layer


def find_root_cause(case: BuildLogs, rules: Sequence[Rule]) -> Diagnosis:
    """The diagnosis of a case."""
    success = _last_success(case.log)
    told = stories(case, case.log, rules, success + 1)
    warnings = [one for one in told if one.layer is Layer.WARNING]
    failures = [one for one in told if one.layer is not Layer.WARNING]
    if _nothing_decisive(failures) and case.debug is not None:
        failures = _of_debug(case, case.debug, rules) or failures
    if success >= 0 and not failures and not _failure_lines(case.log, success):
        return Diagnosis("succeeded", _findings(warnings, "warning"))
    if not failures:
        return _not_understood(case.log, success, warnings)
    survived = _survived(case.log)
    stretches = [part for part in _stretches(case.log, failures, survived) if part]
    if not stretches:
        return Diagnosis("succeeded" if success >= 0 else "unknown", _findings(warnings, "warning"))
    causes, followers = _causes(stretches)
    found: tuple[Finding, ...] = (
        *_findings(causes, "cause"),
        *_findings(followers, "consequence"),
        *_findings(warnings, "warning"),
    )
    if not case.context.authored:
        found = tuple(replace(finding, author_remedy=None) for finding in found)
    outcome = "cancelled" if causes[0].story.code == "cancelled" else "failed"
    return Diagnosis(outcome, _each_once(found)[:_MOST_FINDINGS])


def stories(case: BuildLogs, log: Log, rules: Sequence[Rule], start: int) -> list[ExplainedLine]:
    """What the rules make of each line; of several stories that nearest to the root.

    Before the line at ``start`` only what warns is of interest. A line that says the same as many
    before it says nothing new.
    """
    warning = [rule for rule in rules if rule.layer is Layer.WARNING]
    said: Counter[str] = Counter()
    told: list[ExplainedLine] = []
    for index, line in enumerate(log.lines):
        if line.body.startswith(_NOTES):
            continue
        said[line.body] += 1
        if said[line.body] > _SAID_OFTEN:
            continue
        best: ExplainedLine | None = None
        for rule in rules if index >= start else warning:
            story = rule.try_on(case, log, index)
            if story is None:
                continue
            layer = rule.layer if story.layer is None else story.layer
            if best is None or layer < best.layer:
                best = ExplainedLine(index, line, story, layer)
        if best is not None:
            told.append(best)
    return told


def _nothing_decisive(failures: Iterable[ExplainedLine]) -> bool:
    return all(one.layer >= Layer.EXIT for one in failures)


def _of_debug(case: BuildLogs, debug: Log, rules: Sequence[Rule]) -> list[ExplainedLine]:
    """What pip's own log tells where the shown one tells nothing."""
    success = _last_success(debug)
    return [
        one for one in stories(case, debug, rules, success + 1) if one.layer is not Layer.WARNING
    ]


def _last_success(log: Log) -> int:
    """The index of the last line that says that an installation succeeded; -1 for none.

    That one requirement is there already is success only where nothing had to be done after it.
    """
    busy = False
    for index in range(len(log.lines) - 1, -1, -1):
        line = log.lines[index]
        busy = busy or line.body.startswith(_BUSY)
        if busy and line.body.startswith("Requirement already "):
            continue
        text = _HEROKU.sub("", line.text[:200])
        if _SUCCESS.match(line.body) and not _NESTED_SUCCESS.search(text):
            return index
    return -1


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


def _findings(told: Iterable[ExplainedLine], role: Role) -> tuple[Finding, ...]:
    return tuple(_finding(one, role) for one in told)


def _finding(one: ExplainedLine, role: Role) -> Finding:
    story = one.story
    lines = sorted({one.line, *story.evidence}, key=lambda line: (line.source, line.number))
    author = story.author_remedy
    return Finding(
        story.code,
        role,
        mask_secrets(" ".join(story.cause.split())),  # what a line quotes may be padded
        mask_secrets(story.remedy),
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


def _failure_lines(log: Log, success: int) -> list[Line]:
    return [line for line in log.lines[success + 1 :] if _FAILURE.search(line.body, 0, 2000)]


def _not_understood(log: Log, success: int, warnings: Sequence[ExplainedLine]) -> Diagnosis:
    """No rule explains it: the honest answer, with the lines that tell most."""
    warned = {one.line for one in warnings}
    failing = [line for line in _failure_lines(log, success) if line not in warned]
    if not failing:
        return Diagnosis("unknown", _findings(warnings, "warning"))
    last = [line for line in log.lines if line.body.strip()][-2:]
    half = _TELLING_LINES // 2
    chosen = {*failing[:half], *failing[-half:], *last}
    lines = sorted(chosen, key=lambda line: line.number)[:_MOST_EVIDENCE]
    unknown = Finding(
        "unknown",
        "cause",
        "Something failed that no rule explains; the lines quoted here tell most.",
        "Read them from the first on; pip's full log (`--log`) beside this one often says more.",
        None,
        tuple(evidence_of(line) for line in lines),
    )
    return Diagnosis("failed", (unknown, *_findings(warnings, "warning")))
