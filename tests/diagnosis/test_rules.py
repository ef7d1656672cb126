"""Nothing is recognised from memory alone: each rule knows a line of a log.

So does each wording of the rules on builds. The logs of ``data/failures`` and ``more`` were made by
real tools. Those of ``worded`` are of tools that could not be had here (Microsoft's compiler, gcc
before 4.5, CUDA, RStudio Connect); they repeat, around an invented project, the words of the public
thread that ``worded/expected.tsv`` names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from pysteward.core.diagnosis import rules
from pysteward.core.diagnosis.log_reader import read_log
from pysteward.core.diagnosis.rule import LONGEST_MATCHED, BuildLogs, Rule
from pysteward.core.diagnosis.rules import RULES

LOGS = Path(__file__).parents[1] / "data" / "failures"
ON_BUILDS = (
    *(rules.headers, rules.libraries, rules.programs, rules.pythons, rules.rust, rules.scripts),
    *(rules.build_messages, rules.sources, rules.toolchain),
)


@cache
def told() -> dict[int, list[str]]:
    """The lines of which each rule, by its place, makes a story."""
    lines: dict[int, list[str]] = {place: [] for place in range(len(RULES))}
    for path in sorted(LOGS.rglob("*.log")):
        log = read_log(path, path.name)
        case = BuildLogs(log)
        for index, line in enumerate(log.lines):
            for place, rule in enumerate(RULES):
                if rule.try_on(case, log, index):
                    lines[place].append(line.body)
    return lines


def alternatives(pattern: str) -> Iterator[str]:
    """The parts of a pattern that ``|`` separates outside of all brackets."""
    begin = depth = 0
    for token in re.finditer(r"\\.|\[\]?(?:\\.|[^\]\\])*\]|[()|]", pattern):
        if token[0] == "|" and not depth:
            yield pattern[begin : token.start()]
            begin = token.end()
        depth += {"(": 1, ")": -1}.get(token[0], 0)
    yield pattern[begin:]


def wordings(some: tuple[Rule, ...]) -> list[tuple[Rule, str]]:
    return [(rule, wording) for rule in some for wording in alternatives(rule.pattern.pattern)]


@pytest.mark.slow
def test_every_rule_knows_a_line_of_a_log() -> None:
    unproven = [rule.needles for place, rule in enumerate(RULES) if not told()[place]]
    assert unproven == []


@pytest.mark.parametrize("module", ON_BUILDS, ids=lambda module: module.__name__.rsplit(".")[-1])
def test_every_wording_of_a_rule_on_builds_knows_a_line_of_a_log(module: ModuleType) -> None:
    unproven = [
        wording
        for rule, wording in wordings(module.RULES)
        if not any(
            re.compile(wording).search(body, 0, LONGEST_MATCHED)
            for body in told()[RULES.index(rule)]
        )
    ]
    assert unproven == []


def test_alternatives_are_those_outside_of_brackets() -> None:
    assert list(alternatives(r"a(?:b|c)[|)]\||d\(|[]|]e")) == [
        r"a(?:b|c)[|)]\|",
        r"d\(",
        "[]|]e",
    ]
