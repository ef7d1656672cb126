"""Words that must not come back: each has a plain one, which is said beside it."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

INSTEAD = {
    "errand": "background work (app/background)",
    "deed": "operation, action",
    "desk": "service",
    "workshop": "service",
    "thrift": "OutputMinimizer (terminal/driver)",
    "whoever": "the caller, the worker, the user: name the actor",
    "in force": "active",
    "at hand": "available, installed",
    "none the less": "still",
    "colour": "color: American spelling, as Python's library and Textual have it",
    "behaviour": "behavior, likewise",
    "normalise": "normalize, likewise",
    "analyse": "analyze, likewise",
}
"""A word, as code and prose of `core` and `tui` must not have it, and what to say instead."""

# Log lines and settings of other programs are quoted as they are.
QUOTED = {"core/diagnosis/translations.py", "core/diagnosis/rules"}


@cache
def texts(file: Path) -> Mapping[str, int]:
    """Each comment, docstring and identifier of a file, with the line where it stands first."""
    found: dict[str, int] = {}
    source = file.read_text("utf-8")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        is_docstring = token.type == tokenize.STRING and token.string.startswith('"""')
        if is_docstring or token.type in (tokenize.COMMENT, tokenize.NAME):
            found.setdefault(token.string.replace("_", " "), token.start[0])
    return found


@pytest.mark.parametrize("word", INSTEAD)
def test_a_word_of_the_old_dialect_does_not_come_back(word: str) -> None:
    spaced = r"\s+".join(word.split(" "))
    pattern = re.compile(rf"\b{spaced}(?:s|d|r)?\b", re.IGNORECASE)
    found = [
        f"{file.relative_to(ROOT)}:{line}: say {INSTEAD[word]}"
        for directory in ("core", "tui")
        for file in sorted((ROOT / directory).rglob("*.py"))
        if not any(file.relative_to(ROOT).as_posix().startswith(each) for each in QUOTED)
        for text, line in texts(file).items()
        if pattern.search(text)
    ]
    assert not found, "\n".join(found[:20])
