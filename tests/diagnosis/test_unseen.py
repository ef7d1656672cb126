"""Failures in words that the rules were not written on, as ``unseen/expected.tsv`` has them.

Its columns: the code, the kind of failure, the outcome; the part of the collection; what the cause
or a remedy must name, and what neither may say. ``cases`` are those of public threads, worded anew.
``first`` were worded before there were rules on their kinds, ``later`` when there were: of these 82
of 96 were right at first sight, 5 wrong, 9 unknown, no success blamed. The ``gathered`` batches are
of kinds and tools that the rules did not know; at first sight were right, wrong and unknown: 16, 3
and 6 of the first batch, 9, 10 and 9 of the second, 17, 1 and 5 of the third, 9, 4 and 8 of the
fourth (and one success blamed), 16, 3 and 1 of the fifth, 16, 3 and 2 of the sixth, 9, 2 and 1 of
the seventh, 21, 4 and 0 of the eighth, 24, 2 and 4 of the ninth, 20, 5 and 1 of the tenth (and one
success blamed), 28, 3 and 0 of the eleventh, 22, 2 and 6 of the twelfth, 22, 4 and 4 of the
thirteenth, 22, 1 and 2 of the fourteenth, 8, 2 and 2 of the fifteenth; most that were
wrong had the right code and lacked a name. They were mended since, so
that none of the parts is unseen any more; ``tests.benchmarks.diagnosis`` leaves kinds out instead.
``proofs`` are there because every rule is to know a line of a log.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from pysteward.core.diagnosis import diagnose_log

UNSEEN = Path(__file__).parents[1] / "data" / "failures" / "unseen"


class Expected(NamedTuple):
    """What is right of one log."""

    log: str
    codes: list[str]
    kind: str
    outcome: str
    part: str
    named: list[str]
    never: list[str]


def expected(line: str) -> Expected:
    log, codes, kind, outcome, part, named, never = line.split("\t")
    return Expected(
        log, codes.split("|"), kind, outcome, part,
        [text for text in named.split(";") if text], [text for text in never.split(";") if text],
    )  # fmt: skip


ROWS = [expected(line) for line in (UNSEEN / "expected.tsv").read_text().splitlines()[1:]]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.log)
def test_a_log_in_new_words_gets_its_cause_and_its_remedy(row: Expected) -> None:
    diagnosis = diagnose_log(UNSEEN / row.log)
    assert diagnosis.outcome == row.outcome
    found = diagnosis.findings[0] if diagnosis.findings else None
    assert (found.code if found else "-") in row.codes
    if found is None:
        return
    told = [found.cause, found.remedy, found.author_remedy or ""]
    if found.code == "unknown":
        told += [line.text for line in found.evidence]
    text = " ".join(told).lower()
    assert [word for word in row.named if word.lower() not in text] == []
    assert [word for word in row.never if word.lower() in text] == []


def test_every_log_is_listed() -> None:
    assert {row.log for row in ROWS} == {path.name for path in UNSEEN.glob("*.log")}
