"""What a rule is: data that recognises a line, and a small pure function that explains it.

A rule is tried on each telling line that holds one of its ``needles``; ``pattern`` is then searched
in the line's body. ``explain`` makes an ``Explanation`` of the match, or None where the line, seen
in its surroundings, is not that failure after all.

Adding one:

1. Put the real log, hosts and paths replaced, into ``tests/data/failures/more`` and its name with
   the code into ``expected.tsv`` there. The test fails now. Another test asks of every rule for
   a line of a real log that it knows, or for the reason why none can be had.
2. Add a ``Rule`` to the module of ``rules`` that has that kind of failure. Needles are literals,
   case counts. A pattern starts with a literal and repeats only with an upper bound, so that it
   cannot run away; a test feeds every pattern with hostile lines under a time bound.
3. If no literal of ``telling_lines.TELLING`` is in the line, the rule never sees it: add one. A
   rule is written for the English words; what programs say in other languages stands in
   ``translations``.
4. Its layer says how near to the root such a line is. ``VERDICT``: the tool that ended the build
   says so. ``CAUSE`` names one by itself. ``SYMPTOM`` may follow from a cause elsewhere (a
   compiler's ordinary error, an uncaught exception of a build script). ``GENERAL`` is read from
   the form of a sentence, whatever tool says it (``rules.families``). ``EXIT`` is what a tool says
   when it gives up. ``WARNING`` never ended a build.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from .log_lines import Line, Log
from .model import KnownFacts

LONGEST_MATCHED: Final = 4000


class Layer(IntEnum):
    """How near to the root a line is; the lowest is the root."""

    VERDICT = 0
    CAUSE = 1
    SYMPTOM = 2
    GENERAL = 3
    EXIT = 4
    WARNING = 5


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a rule makes of a line: the finding without its place among the others."""

    code: str
    cause: str
    remedy: str
    author_remedy: str | None = None
    evidence: tuple[Line, ...] = ()
    layer: Layer | None = None  # None: the rule's own
    gives_up: bool = False  # only that a tool gave up: never a cause by itself


@dataclass(frozen=True, slots=True, eq=False)
class BuildLogs:
    """All there is to read of one build: its log, perhaps pip's own, what else is known."""

    log: Log
    debug: Log | None = None
    context: KnownFacts = field(default_factory=KnownFacts)

    @property
    def logs(self) -> tuple[Log, ...]:
        """The available logs, the shown one first."""
        return (self.log,) if self.debug is None else (self.log, self.debug)

    def lines(self) -> Iterator[Line]:
        """All lines of all logs."""
        for log in self.logs:
            yield from log.lines


@dataclass(frozen=True, slots=True)
class LineMatch:
    """A line on which a rule's pattern was found, with its surroundings."""

    case: BuildLogs
    log: Log
    index: int
    match: re.Match[str]

    @property
    def line(self) -> Line:
        return self.log.lines[self.index]

    def __getitem__(self, name: str) -> str:
        """What was found for ``name``, ``name2``, …: alternatives cannot share a group's name."""
        for group, text in self.match.groupdict().items():
            if text and group.rstrip("23456789") == name:
                return text.strip()
        return ""

    def before(self, count: int) -> tuple[Line, ...]:
        """Up to ``count`` lines directly before this one."""
        return self.log.before(self.index, count)

    def after(self, count: int) -> tuple[Line, ...]:
        """Up to ``count`` lines directly after this one."""
        return self.log.after(self.index, count)


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of line and what it means."""

    needles: tuple[str, ...]
    pattern: re.Pattern[str]
    explain: Callable[[LineMatch], Explanation | None]
    layer: Layer = Layer.CAUSE

    def may_know(self, body: str) -> bool:
        """Whether a body holds one of the needles."""
        for needle in self.needles:  # noqa: SIM110 # a generator takes twice as long
            if needle in body:
                return True
        return False

    def try_on(self, case: BuildLogs, log: Log, index: int) -> Explanation | None:
        """The explanation of the line at ``index``, if this rule knows it."""
        body = log.lines[index].body
        if not self.may_know(body):
            return None
        found = self.pattern.search(body, 0, LONGEST_MATCHED)
        return self.explain(LineMatch(case, log, index, found)) if found else None


def rule(
    needles: str | tuple[str, ...],
    pattern: str,
    explain: Callable[[LineMatch], Explanation | None],
    layer: Layer = Layer.CAUSE,
) -> Rule:
    """A rule; ``pattern`` is compiled as it is written."""
    wanted = (needles,) if isinstance(needles, str) else needles
    return Rule(wanted, re.compile(pattern), explain, layer)
