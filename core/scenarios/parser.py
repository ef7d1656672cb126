"""Read a scenario file (TOML); each mistake has its line and column.

title = "Why 3.8 is not 3.9"
matching = "major-minor"          # exact, major-minor or nearest
notes = "For the audience."

[[installations]]                 # or: installations = ["3.8.18", "3.9.18"]
version = "3.8.18"
on = false                        # true unless said otherwise
executable = "/opt/python/3.8.18/bin/python3"
unusable = "virtualenv is missing"
notes = "Past its end of life."

[[requests]]                      # or: requests = ["3.8.1", ">=3.9"]
python = "3.8.1"
expect = "3.8.18"                 # or "none"
notes = "The lowest above it."
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from ..errors import RequestError, ScenarioError, StewardError
from ..frozen import frozen
from ..matching import Policy, parse_request
from ..source_text import SourceText
from ..toml_text import Keys, Positions, parse_toml
from ..versions import PythonVersion
from .model import (
    NO_MATCH,
    Scenario,
    ScenarioInstallation,
    ScenarioRequest,
)

_SCENARIO = ("title", "notes", "matching", "installations", "requests")
_INSTALLATION = ("version", "on", "executable", "unusable", "notes")
_REQUEST = ("python", "expect", "notes")
_MOST = 10_000


def parse(text: str, *, file: Path | None = None, name: str = "") -> Scenario:
    """Return the scenario that a text holds.

    file: the file that an error names. name: the scenario's name, and its title if it has none.
    Raises: ScenarioError, with line and column.
    """
    return parse_source(SourceText(file, text, ScenarioError), name)


def parse_source(source: SourceText, name: str) -> Scenario:
    """Return the scenario that a text holds; see ``parse``."""
    document = parse_toml(source)
    top = _Table(source, Positions(source.text), (), document)
    top.only(_SCENARIO)
    return Scenario(
        title=top.text("title") or name or "A scenario",
        notes=top.text("notes") or "",
        policy=_policy(top),
        installations=tuple(map(_installation, top.tables("installations", "version"))),
        requests=tuple(map(_request, top.tables("requests", "python"))),
        name=name,
    )


def _policy(top: _Table) -> Policy:
    try:
        return Policy.parse(top.text("matching") or "")
    except RequestError as error:
        raise top.error("matching", error.message) from None


def _installation(table: _Table) -> ScenarioInstallation:
    table.only(_INSTALLATION)
    return ScenarioInstallation(
        version=_version(table, "version"),
        on=table.truth("on", default=True),
        executable=table.text("executable") or None,
        unusable=table.text("unusable") or None,
        notes=table.text("notes") or "",
    )


def _request(table: _Table) -> ScenarioRequest:
    table.only(_REQUEST)
    text = table.needed("python")
    try:
        parse_request(text)
    except RequestError as error:
        raise table.error("python", error.message) from None
    expected = table.text("expect")
    if expected is not None:
        expected = NO_MATCH if expected.strip() == NO_MATCH else str(_version(table, "expect"))
    return ScenarioRequest(text, expected, table.text("notes") or "")


def _version(table: _Table, key: str) -> PythonVersion:
    try:
        return PythonVersion.parse(table.needed(key))
    except RequestError as error:
        raise table.error(key, error.message) from None


@frozen
class _Table:
    """A table of the document and what leads to it."""

    source: SourceText
    positions: Positions
    path: Keys
    values: Mapping[str, Any]

    def only(self, known: tuple[str, ...]) -> None:
        for key in self.values:
            if key not in known:
                close = get_close_matches(key, known, 1)
                advice = f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"
                raise self.error(key, f"{key} means nothing here; {advice}")

    def text(self, key: str) -> str | None:
        found = self.values.get(key)
        if found is None or isinstance(found, str):
            return found
        hint = ": put it in quotes" if isinstance(found, (int, float)) else ""
        raise self.error(key, f"{key} must be text{hint}")

    def needed(self, key: str) -> str:
        found = self.text(key)
        if found is None:
            raise self._error_at(self.path, f"{key} is missing")
        return found

    def truth(self, key: str, *, default: bool) -> bool:
        found = self.values.get(key, default)
        if isinstance(found, bool):
            return found
        raise self.error(key, f"{key} must be true or false")

    def tables(self, key: str, short: str) -> list[_Table]:
        """Return the tables of a list; a text in it stands for a table with nothing but `short`."""
        found = self.values.get(key, [])
        if not isinstance(found, list):
            raise self.error(key, f"{key} must be a list: write [[{key}]]")
        items = cast("list[object]", found)
        if len(items) > _MOST:
            raise self.error(key, f"more than {_MOST:,} {key}")
        tables: list[_Table] = []
        for number, item in enumerate(items):
            path: Keys = (*self.path, key, number)
            if isinstance(item, str):
                item = {short: item}
            if not isinstance(item, dict):
                raise self._error_at(path, f"an item of {key} must be a table or a text")
            tables.append(_Table(self.source, self.positions, path, cast("dict[str, Any]", item)))
        return tables

    def error(self, key: str, message: str) -> StewardError:
        return self._error_at((*self.path, key), message)

    def _error_at(self, path: Keys, message: str) -> StewardError:
        return self.source.error(self.positions.of(path).value, message)
