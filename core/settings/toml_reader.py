"""Reads the settings out of pysteward's own ``.toml`` file."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from ..errors import SettingsError
from ..source_text import SourceText
from ..toml_text import Places, longest_key
from .files import FileRead
from .model import SETTINGS, Kind, Origin, Setting, SettingsWarning
from .names import BY_TOML, nearest_name
from .values import BadValue, FileValues, check

TABLE = "python"

_MOST_PARTS = 100
_KEYS = tuple(setting.toml for setting in SETTINGS)
# tomllib: "… (at line 2, column 5)", "… (at end of document)"; tomlkit: "… at line 2 col 4".
_WHERE = re.compile(
    r"(?P<message>.*?) ?\(?\bat "
    r"(?:end of document|line (?P<line>\d+),? col(?:umn)? (?P<column>\d+))\)?\s*",
    re.DOTALL,
)


def read_toml(file: FileRead) -> FileValues:
    """What a ``.toml`` file says under ``[python]``; raises SettingsError.

    Relative paths in ``settings-from`` and ``state-dir`` start at the file's folder.
    """
    source = decode_toml(file.content, file.path)
    document = parse_toml(source)
    places = Places(source.text)
    said = FileValues()
    for key, value in document.items():
        if key == TABLE and isinstance(value, dict):
            _read_table(source, places, cast("dict[str, Any]", value), said)
        elif key == TABLE:
            raise source.error(places.of((key,)).value, f"{key} must be a table: write [{TABLE}]")
        else:
            advice = f": it belongs under [{TABLE}]" if key in BY_TOML else ""
            message = f"{key} is not read{advice}"
            said.warnings.append(_warning(source, places.of((key,)).key, message))
    return said


def decode_toml(content: bytes, file: Path | None) -> SourceText:
    """The text of a file; a byte order mark, which TOML does not know, is skipped."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return SourceText(file, content.decode())
    except UnicodeDecodeError as problem:
        source = SourceText(file, content.decode(errors="replace"))
        offset = len(content[: problem.start].decode())
        raise source.error(offset, "illegal UTF-8 encoding: save the file as UTF-8") from None


def parse_toml(source: SourceText) -> dict[str, Any]:
    """The whole document; raises SettingsError where it is no TOML."""
    if longest_key(source.text) > _MOST_PARTS:
        # The parsers' time grows with the square of it.
        raise SettingsError(f"has a key of more than {_MOST_PARTS} parts", file=source.file)
    try:
        if sys.version_info >= (3, 11):
            import tomllib

            return tomllib.loads(source.text)
        return _parse_with_tomlkit(source)
    except RecursionError:
        raise SettingsError("is nested too deeply", file=source.file) from None
    except ValueError as problem:
        # tomllib's errors are ValueErrors, and so is that of a number with too many digits.
        raise _syntax_error(source, str(problem)) from None


def _parse_with_tomlkit(source: SourceText) -> dict[str, Any]:
    """The same for Python 3.10, which has no tomllib."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        return tomlkit.parse(source.text).unwrap()
    except TOMLKitError as problem:
        raise _syntax_error(source, str(problem)) from None


def _syntax_error(source: SourceText, text: str) -> SettingsError:
    """The error at the place that the parser names at the end of its message."""
    found = _WHERE.fullmatch(text)
    if found is None:
        return SettingsError(text, file=source.file)
    if found["line"] is None:
        return source.error(len(source.text.rstrip()), found["message"])
    start = source.line_starts[min(int(found["line"]), len(source.line_starts)) - 1]
    # tomlkit calls the place before a line's first character its column 0.
    return source.error(start + max(int(found["column"]), 1) - 1, found["message"])


def _read_table(
    source: SourceText, places: Places, table: Mapping[str, Any], said: FileValues
) -> None:
    for key, value in table.items():
        path = (TABLE, key)
        setting = BY_TOML.get(key)
        if setting is None:
            said.warnings.append(_warning(source, places.of(path).key, _unknown(key)))
            continue
        try:
            checked = check(setting, value)
        except BadValue as problem:
            inside = () if problem.item is None else (problem.item,)
            place = places.of((*path, *inside))
            raise source.error(place.value, f"{key}: {problem}") from None
        said.values[setting.field] = _path(source, setting, checked)
        said.origins[setting.field] = Origin(source.file, _lines(source, places, setting, checked))


def _path(source: SourceText, setting: Setting, value: Any) -> Any:
    """A path from the file's own folder; an empty one is none."""
    if setting.kind is Kind.TEXT:
        return value or None
    if setting.kind is not Kind.PATH:
        return value
    base = source.file.parent if source.file is not None else Path()
    return base / value if value else None


def _lines(source: SourceText, places: Places, setting: Setting, value: Any) -> tuple[int, ...]:
    path = (TABLE, setting.toml)
    if setting.kind is Kind.LIST and value:
        return tuple(source.line(places.of((*path, item)).value) for item in range(len(value)))
    return (source.line(places.of(path).key),)


def _unknown(key: str) -> str:
    meant = nearest_name(key, _KEYS)
    return f"{key} is no setting" + (f": {meant} may be meant" if meant else "")


def _warning(source: SourceText, offset: int, message: str) -> SettingsWarning:
    return SettingsWarning(source.line(offset), message, source.file)
