"""Read the settings out of pysteward's own ``.toml`` file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from ..source_text import SourceText
from ..toml_text import Positions, decode_toml, parse_toml
from .files import FileRead
from .model import SETTINGS, Kind, Origin, Setting, SettingsWarning
from .names import BY_TOML, nearest_name
from .values import BadValue, FileValues, check

TABLE = "python"
_OF_OTHERS = ("servers",)

_KEYS = tuple(setting.toml for setting in SETTINGS)


def read_toml(file: FileRead) -> FileValues:
    """Return what a ``.toml`` file says under ``[python]``; raises SettingsError.

    Relative paths in ``settings-from`` and ``state-dir`` start at the file's directory.
    """
    source = decode_toml(file.content, file.path)
    document = parse_toml(source)
    positions = Positions(source.text)
    said = FileValues()
    for key, value in document.items():
        if key == TABLE and isinstance(value, dict):
            _read_table(source, positions, cast("dict[str, Any]", value), said)
        elif key == TABLE:
            raise source.error(
                positions.of((key,)).value, f"{key} must be a table: write [{TABLE}]"
            )
        elif key not in _OF_OTHERS:  # remotes/ssh reads it
            advice = f": it belongs under [{TABLE}]" if key in BY_TOML else ""
            message = f"{key} is not read{advice}"
            said.warnings.append(_warning(source, positions.of((key,)).key, message))
    return said


def _read_table(
    source: SourceText, positions: Positions, table: Mapping[str, Any], said: FileValues
) -> None:
    for key, value in table.items():
        path = (TABLE, key)
        setting = BY_TOML.get(key)
        if setting is None:
            said.warnings.append(_warning(source, positions.of(path).key, _unknown(key)))
            continue
        try:
            checked = check(setting, value)
        except BadValue as problem:
            inside = () if problem.item is None else (problem.item,)
            place = positions.of((*path, *inside))
            raise source.error(place.value, f"{key}: {problem}") from None
        said.values[setting.field] = _path(source, setting, checked)
        said.origins[setting.field] = Origin(
            source.file, _lines(source, positions, setting, checked)
        )


def _path(source: SourceText, setting: Setting, value: Any) -> Any:
    """Return a path from the file's own directory; an empty one is none."""
    if setting.kind in (Kind.TEXT, Kind.RETENTION):
        return value or None
    if setting.kind is not Kind.PATH:
        return value
    base = source.file.parent if source.file is not None else Path()
    return base / value if value else None


def _lines(
    source: SourceText, positions: Positions, setting: Setting, value: Any
) -> tuple[int, ...]:
    path = (TABLE, setting.toml)
    if setting.kind is Kind.LIST and value:
        return tuple(source.line(positions.of((*path, item)).value) for item in range(len(value)))
    return (source.line(positions.of(path).key),)


def _unknown(key: str) -> str:
    meant = nearest_name(key, _KEYS)
    return f"{key} is no setting" + (f": {meant} may be meant" if meant else "")


def _warning(source: SourceText, offset: int, message: str) -> SettingsWarning:
    return SettingsWarning(source.line(offset), message, source.file)
