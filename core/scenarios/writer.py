"""Write a scenario as TOML, in the form that a person would."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import ScenarioError
from .model import Scenario, ScenarioInstallation, ScenarioRequest

_ESCAPED = re.compile(r'[\x00-\x08\x0b-\x1f\x7f"\\\t\n]')
_ESCAPED_IN_LINES = re.compile(r'[\x00-\x08\x0b-\x1f\x7f"\\\t]')
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def dump(scenario: Scenario) -> str:
    """Return the text of a scenario file; reading it gives the same scenario.

    Raises ScenarioError for text that no file can hold (half of a surrogate pair).
    """
    blocks = [_top(scenario)]
    blocks += [["[[installations]]", *_installation(item)] for item in scenario.installations]
    blocks += [["[[requests]]", *_request(item)] for item in scenario.requests]
    text = "\n\n".join("\n".join(lines) for lines in blocks) + "\n"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ScenarioError(f"cannot be written as UTF-8: {text[error.start]!r}") from None
    return text


def _top(scenario: Scenario) -> list[str]:
    lines = [f"title = {_text(scenario.title)}", f"matching = {_text(scenario.policy.value)}"]
    return lines + list(_notes(scenario.notes))


def _installation(installation: ScenarioInstallation) -> Iterator[str]:
    yield f"version = {_text(str(installation.version))}"
    if not installation.on:
        yield "on = false"
    if installation.executable is not None:
        yield f"executable = {_text(installation.executable)}"
    if installation.unusable is not None:
        yield f"unusable = {_text(installation.unusable)}"
    yield from _notes(installation.notes)


def _request(request: ScenarioRequest) -> Iterator[str]:
    yield f"python = {_text(request.text)}"
    if request.expected is not None:
        yield f"expect = {_text(request.expected)}"
    yield from _notes(request.notes)


def _notes(notes: str) -> Iterator[str]:
    if "\n" in notes:
        # A line end right after the opening quotes is not part of the text.
        yield f'notes = """\n{_ESCAPED_IN_LINES.sub(_escape, notes)}"""'
    elif notes:
        yield f"notes = {_text(notes)}"


def _text(text: str) -> str:
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    return _SHORT.get(character, f"\\u{ord(character):04x}")
