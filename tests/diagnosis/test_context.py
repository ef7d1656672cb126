"""What is known besides a log changes what its findings say."""

from __future__ import annotations

from pathlib import Path

from pysteward.core.diagnosis import diagnose_log
from pysteward.core.diagnosis.model import KnownFacts

DATA = Path(__file__).parents[1] / "data" / "failures"


def test_where_nobody_wrote_what_is_built_nobody_is_told_to_change_it() -> None:
    log = DATA / "linker_lib_missing_py311.log"
    with_author = diagnose_log(log).findings
    without = diagnose_log(log, context=KnownFacts(authored=False)).findings
    assert with_author[0].author_remedy is not None
    assert [finding.author_remedy for finding in without] == [None] * len(with_author)
    assert [finding.code for finding in without] == [finding.code for finding in with_author]
