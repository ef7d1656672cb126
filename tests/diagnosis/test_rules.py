"""Each rule knows a line of a real log: nothing is recognised from memory alone."""

from __future__ import annotations

from pathlib import Path

from pysteward.core.diagnosis.reading import read_log
from pysteward.core.diagnosis.rule import Case, Rule
from pysteward.core.diagnosis.rules import RULES

LOGS = Path(__file__).parents[1] / "data" / "failures"

# The needles of the rules for which no real log can be had, and why not.
WITHOUT_A_LOG = {
    (
        "No known installation matching",
    ): "said by RStudio Connect, see the thread that the rule names",
    ("reticulate but python was not specified",): "said by RStudio Connect, see the thread too",
    ("Error parsing manifest: ",): "said by shinyapps.io, see test_kinds",
    ("Microsoft Visual C++",): "said on Windows only, by an author's own machine",
    (".h",): "the words of gcc before 4.5, which no distribution packages any more",
    ("No such file or directory (os error 2)",): "said by Rust's crates; none can be fetched here",
}


def unproven() -> list[Rule]:
    """The rules that make nothing of any line of any real log."""
    left = list(RULES)
    for path in sorted(LOGS.rglob("*.log")):
        log = read_log(path, path.name)
        case = Case(log)
        for index in range(len(log.lines)):
            told = [rule for rule in left if rule.try_on(case, log, index)]
            left = [rule for rule in left if rule not in told]
    return left


def test_every_rule_knows_a_line_of_a_real_log_or_says_why_it_cannot() -> None:
    assert {rule.needles for rule in unproven()} == set(WITHOUT_A_LOG)
