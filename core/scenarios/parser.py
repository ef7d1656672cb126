"""Reads a scenario's TOML: by hand or by the program, every mistake with its line and column.

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

import re
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, cast

from ..errors import RequestError, ScenarioError
from ..frozen import frozen
from ..matching import Policy, parse_request
from ..versions import PythonVersion
from .model import (
    NO_MATCH,
    Scenario,
    ScenarioInstallation,
    ScenarioRequest,
)

Path = tuple["str | int", ...]
"""What leads to a value: names, and numbers in lists."""

_SCENARIO = ("title", "notes", "matching", "installations", "requests")
_INSTALLATION = ("version", "on", "executable", "unusable", "notes")
_REQUEST = ("python", "expect", "notes")
_MOST = 10_000
# Lines of one value that are tried for its end, before its place is given as about there.
_MOST_TRIES = 100


def parse(text: str, *, file: str | None = None, name: str = "") -> Scenario:
    """The scenario that a text holds. Raises ScenarioError with line and column.

    file: what an error says it is in. name: the scenario's, and its title where it gives none.
    """
    source = _Source(text, file)
    top = _Table(source, (), source.document())
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

    source: _Source
    path: Path
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
            where = self.source.error(self.path, "")
            where.message = f"{key} is missing"
            raise where
        return found

    def truth(self, key: str, *, default: bool) -> bool:
        found = self.values.get(key, default)
        if isinstance(found, bool):
            return found
        raise self.error(key, f"{key} must be true or false")

    def tables(self, key: str, short: str) -> list[_Table]:
        """The tables of a list; a text in it stands for a table with nothing but `short`."""
        found = self.values.get(key, [])
        if not isinstance(found, list):
            raise self.error(key, f"{key} must be a list: write [[{key}]]")
        items = cast("list[object]", found)
        if len(items) > _MOST:
            raise self.error(key, f"more than {_MOST:,} {key}")
        tables: list[_Table] = []
        for number, item in enumerate(items):
            path: Path = (*self.path, key, number)
            if isinstance(item, str):
                item = {short: item}
            if not isinstance(item, dict):
                raise self.source.error(path, f"an item of {key} must be a table or a text")
            tables.append(_Table(self.source, path, cast("dict[str, Any]", item)))
        return tables

    def error(self, key: str, message: str) -> ScenarioError:
        return self.source.error((*self.path, key), message)


# tomllib: "… (at line 2, column 5)", "… (at end of document)"; tomlkit counts columns from 0:
# "… at line 2 col 4".
_WHERE = re.compile(
    r" ?\(?\bat (?:end of document"
    r"|line (?P<line>\d+),? (?:column (?P<from1>\d+)|col (?P<from0>\d+)))\)?\s*$"
)


@frozen
class _Source:
    """The text, and errors that point into it."""

    text: str
    file: str | None

    def document(self) -> dict[str, Any]:
        try:
            return _parse_toml(self.text)
        except RecursionError:
            raise ScenarioError("is nested too deeply", file=self.file) from None
        except ValueError as error:
            # Both parsers' errors are ValueErrors, and so is that of a number with too many digits.
            found = _WHERE.search(str(error))
            if found is None:
                raise ScenarioError(f"is not TOML: {error}", file=self.file) from None
            lines = self.text.rstrip().split("\n")
            line = int(found["line"] or len(lines))
            column = int(found["from1"] or found["from0"] or len(lines[-1]))
            column += found["from1"] is None
            message = f"is not TOML: {str(error)[: found.start()]}"
            raise self._at(line, column, message) from None

    def error(self, path: Path, message: str) -> ScenarioError:
        """The error at the value that a path leads to."""
        line = self._line_of(path)
        shown = self._lines()[line - 1]
        key = path[-1] if path else ""
        found = re.search(rf"{re.escape(str(key))}[\"']?\s*=\s*", shown)
        start = found.end() if found else len(shown) - len(shown.lstrip())
        return self._at(line, start + 1, message)

    def _at(self, line: int, column: int, message: str) -> ScenarioError:
        lines = self._lines()
        source = lines[line - 1].rstrip("\r") if line <= len(lines) else None
        return ScenarioError(message, file=self.file, line=line, column=column, source=source)

    def _lines(self) -> list[str]:
        return self.text.split("\n")

    def _line_of(self, path: Path) -> int:
        """The line on which a value begins: the one after the last at which it is not there yet.

        The parsers tell values and no lines, but the beginning of a document, up to a line that
        is complete, is a document too.
        """
        lines = self._lines()
        without, within = 0, len(lines)
        while (between := self._complete_between(lines, without, within, path)) is not None:
            count, there = between
            if there:
                within = count
            else:
                without = count
        return without + 1

    def _complete_between(
        self, lines: list[str], least: int, most: int, path: Path
    ) -> tuple[int, bool] | None:
        """A beginning that is a document, of some lines halfway; whether it holds the value."""
        middle = (least + most) // 2
        near = sorted(range(least + 1, most), key=lambda count: abs(count - middle))
        for count in near[:_MOST_TRIES]:
            there = self._holds(lines, count, path)
            if there is not None:
                return count, there
        return None

    def _holds(self, lines: list[str], count: int, path: Path) -> bool | None:
        """Whether the first lines hold the value; None where they are no document."""
        try:
            value: Any = _parse_toml("\n".join(lines[:count]) + "\n")
        except (ValueError, RecursionError):
            return None
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return False
        return True


def _parse_toml(text: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib

        return tomllib.loads(text)
    import tomlkit

    return tomlkit.parse(text).unwrap()
