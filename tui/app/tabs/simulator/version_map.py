"""The picture of a decision: versions grouped by MAJOR.MINOR, each with what became of it.

Pure; the widget only chooses signs and colors.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from itertools import groupby

from .....core.frozen import frozen
from .....core.matching import (
    Candidate,
    Decision,
    RuleStep,
    SetEntry,
    Verdict,
)
from .....core.versions import PythonVersion
from .model import OFF


class Mark(Enum):
    """What the picture says of one place."""

    REQUESTED = "requested"
    CHOSEN = "chosen"
    CONSIDERED = "considered"
    OUT = "out"
    UNUSABLE = "unusable"
    OFF = "off"
    PLAIN = "plain"


@frozen
class VersionMark:
    """One version in the picture."""

    version: PythonVersion
    mark: Mark
    is_hypothetical: bool = False


@frozen
class VersionLine:
    """A MAJOR.MINOR with its places from low to high."""

    line: tuple[int, int]
    places: tuple[VersionMark, ...]
    is_requested: bool


def draw(
    choices: tuple[SetEntry, ...], decision: Decision | None, tried: int | None, *, reveal: bool
) -> tuple[VersionLine, ...]:
    """Return the picture.

    tried: so many rules were tried: who can no longer be accepted is out; None: all of them.
    reveal: whether the chosen one is shown.
    """
    places = [place for place in _places(choices, decision, tried, reveal) if place is not None]
    wanted = decision.request.version if decision else None
    if wanted is not None:
        places.append(VersionMark(wanted, Mark.REQUESTED))
    # The request stands before the installation of the same version.
    places.sort(key=lambda place: (place.version, place.mark is not Mark.REQUESTED))
    return tuple(
        VersionLine(line, tuple(group), wanted is not None and wanted.line == line)
        for line, group in groupby(places, key=lambda place: place.version.line)
    )


def _places(
    choices: tuple[SetEntry, ...], decision: Decision | None, tried: int | None, reveal: bool
) -> Iterator[VersionMark | None]:
    verdicts = decision.considered if decision else ()
    steps = decision.steps if decision else ()
    step = steps[tried - 1] if tried else None
    still_open = decision.open_after(tried) if decision and tried else ()
    for number, choice in enumerate(choices):
        version = choice.candidate.version
        if version is None:
            yield None
            continue
        candidate = decision.candidates[number] if decision else choice.as_candidate(OFF)
        if candidate.unusable is not None:
            mark = Mark.OFF if candidate.unusable == OFF else Mark.UNUSABLE
        elif decision is None or tried == 0:
            mark = Mark.PLAIN
        elif step is not None:
            is_open = any(each is candidate for each in still_open)
            mark = _in_step(candidate, step, is_open=is_open, reveal=reveal)
        else:
            mark = _of(verdicts[number].verdict, reveal)
        yield VersionMark(version, mark, choice.is_added)


def _in_step(candidate: Candidate, step: RuleStep, *, is_open: bool, reveal: bool) -> Mark:
    if reveal and step.taken is candidate:
        return Mark.CHOSEN
    if any(each is candidate for each in step.passing):
        return Mark.CONSIDERED
    return Mark.PLAIN if is_open and step.taken is None else Mark.OUT


def _of(verdict: Verdict, reveal: bool) -> Mark:
    if not reveal:
        return Mark.PLAIN
    return {
        Verdict.CHOSEN: Mark.CHOSEN,
        Verdict.ELIGIBLE: Mark.CONSIDERED,
        Verdict.REJECTED: Mark.OUT,
        Verdict.UNUSABLE: Mark.UNUSABLE,
    }[verdict]
