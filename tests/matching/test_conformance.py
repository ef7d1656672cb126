"""The worked cases of the design's section 5, computed by an independent program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pysteward.core.matching import (
    Matcher,
    Policy,
    hypothetical,
    parse_request,
)
from pysteward.core.versions import PythonVersion

SETS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "matching.jsonl").read_text().splitlines()
]


@pytest.mark.parametrize(
    "given", SETS, ids=lambda given: f"{given['matching']}-{len(given['installed'])}"
)
def test_every_worked_case_agrees(given: dict[str, Any]) -> None:
    installed = [hypothetical(PythonVersion.parse(text)) for text in given["installed"]]
    matcher = Matcher(installed, Policy.parse(given["matching"]))
    for case in given["cases"]:
        decision = matcher.decide(parse_request(case["requested"]))
        selected = str(decision.selected.version) if decision.selected else None
        rule = decision.rule.value if decision.rule else None
        assert (selected, rule) == (case["selected"], case["rule"]), case
