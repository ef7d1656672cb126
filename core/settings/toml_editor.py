"""Change a ``.toml`` text and leave every byte alone that does not have to change.

tomlkit keeps what it does not touch. A key that is new it would put after the comments that
belong to the next table, and always with a line feed; so new lines are put in by their place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from ..errors import SettingsError
from ..source_text import SourceText
from ..toml_text import Positions
from .list_diff import changes
from .model import Setting
from .toml_reader import TABLE

_BARE_LINE_FEED = re.compile(r"(?<!\r)\n")
_NOT_IN_STRINGS = re.compile(r'["\\\x00-\x1f\x7f]')
_SHORT_ESCAPES = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\t": r"\t", "\r": r"\r"}

TomlValue = bool | int | float | str | Sequence[str] | Mapping[str, str]


def set_in_toml(source: SourceText, setting: Setting, value: TomlValue) -> str:
    """Return the text with a setting set; of a list or table only the items that differ are
    touched.

    Raises SettingsError where the text is written in a way that cannot be edited.
    """
    document = _parse(source)
    table = document.get(TABLE)
    if table is None or setting.toml not in table:
        return _with_new_key(source, document, setting.toml, value)
    old = table[setting.toml]
    if isinstance(value, Mapping) and isinstance(old, Mapping):
        _set_table(cast("dict[str, Any]", old), value)
    elif isinstance(value, Sequence) and not isinstance(value, str) and isinstance(old, list):
        _set_array(cast("Any", old), value)
    else:
        table[setting.toml] = _plain(value)
    return _dumped(document, source)


def unset_in_toml(source: SourceText, setting: Setting) -> str:
    """Return the text without the setting's key."""
    document = _parse(source)
    table = document.get(TABLE)
    if table is None or setting.toml not in table:
        return source.text
    del table[setting.toml]
    return _dumped(document, source)


def literal(value: TomlValue) -> str:
    """Return a value as TOML writes it, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return f'"{_NOT_IN_STRINGS.sub(_escape, value)}"'
    if isinstance(value, Mapping):
        inside = ", ".join(f"{name} = {literal(item)}" for name, item in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    return f"[{', '.join(map(literal, value))}]"


def _escape(found: re.Match[str]) -> str:
    return _SHORT_ESCAPES.get(found[0], f"\\u{ord(found[0]):04X}")


def _parse(source: SourceText) -> Any:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document: Any = tomlkit.parse(source.text)
    except (TOMLKitError, ValueError, RecursionError) as problem:
        raise _not_editable(source, str(problem)) from None
    if document.as_string() != source.text:
        raise _not_editable(source, "its text would not stay as it is")
    return document


def _not_editable(source: SourceText, reason: str) -> SettingsError:
    return SettingsError(
        f"cannot be changed by this program ({reason}): edit it by hand",
        code="settings-not-editable",
        file=source.file,
    )


def _plain(value: TomlValue) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return list(value)
    return value


def _dumped(document: Any, source: SourceText) -> str:
    text: str = document.as_string()
    if "\r\n" in source.text and not _BARE_LINE_FEED.search(source.text):
        text = _BARE_LINE_FEED.sub("\r\n", text)
    return text


def _set_table(old: dict[str, Any], wanted: Mapping[str, str]) -> None:
    for name in [name for name in old if name not in wanted]:
        del old[name]
    for name, value in wanted.items():
        if old.get(name) != value:
            old[name] = value


def _set_array(old: Any, wanted: Sequence[str]) -> None:
    # From the last change to the first, so that the places of those before it stay.
    for change in reversed(list(changes([str(item) for item in old], wanted))):
        common = min(change.end - change.start, len(change.items))
        for number in range(common):
            old[change.start + number] = change.items[number]
        for number in reversed(range(change.start + common, change.end)):
            del old[number]
        for number, item in enumerate(change.items[common:], change.start + common):
            old.insert(number, item)


def _with_new_key(source: SourceText, document: Any, key: str, value: TomlValue) -> str:
    """Return the text with one more line, at the end of ``[python]`` or of the text."""
    text = source.text
    newline = "\r\n" if text[max(0, text.find("\n") - 1) :].startswith("\r\n") else "\n"
    line = f"{key} = {literal(value)}"
    if TABLE not in document:
        start = "" if not text or text.endswith("\n") else newline
        end = newline if not text or text.endswith("\n") else ""
        return f"{text}{start}[{TABLE}]{newline}{line}{end}"
    at = Positions(text).end_of_table(TABLE)
    if at is None:
        document[TABLE][key] = _plain(value)
        return _dumped(document, source)
    if text[:at].endswith("\n"):
        return f"{text[:at]}{line}{newline}{text[at:]}"
    return f"{text[:at]}{newline}{line}{text[at:]}"
