"""What Go's gcfg makes of a text, we make of it, to the last recorded case."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pysteward.core.errors import SettingsError
from pysteward.core.settings import load

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "gcfg.jsonl").read_text("utf-8").splitlines()
]
POLICIES = ("", "major-minor", "exact", "nearest")


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_a_text_is_read_as_go_reads_it(case: dict[str, Any], gcfg: Any) -> None:
    file = gcfg(case["text"])
    policy = case["version_matching"].lower()
    if case["ok"] and policy in POLICIES:
        settings = load(file)
        assert settings.enabled == case["enabled"]
        assert settings.executables == tuple(case["executable"] or ())
        assert settings.prohibited_packages == tuple(case["prohibited_package"] or ())
        assert settings.version_matching == (policy or "major-minor")
        return
    with pytest.raises(SettingsError) as raised:
        load(file)
    problem = raised.value
    assert problem.file == str(file)
    if case["ok"]:
        assert "VersionMatching".lower() in problem.message.lower()
    elif syntax := re.match(r"(\d+):(\d+): (.*?)( \(and \d+ more errors\))?$", case["error"]):
        assert problem.line == int(syntax[1])
        assert problem.column == in_characters(case["text"], int(syntax[1]), int(syntax[2]))
        assert problem.message.startswith(syntax[3])
    assert problem.source == shown_line(case["text"], problem.line)


def in_characters(text: str, line: int, column_in_bytes: int) -> int:
    """Go counts bytes; a caret must count characters."""
    before = shown_line(text, line).encode()[: column_in_bytes - 1]
    return len(before.decode(errors="ignore")) + 1


def shown_line(text: str, line: int | None) -> str:
    assert line is not None
    return text.removeprefix("\ufeff").split("\n")[line - 1].rstrip("\r")
