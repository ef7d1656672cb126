"""Change settings in place: each change is made on a copy, read back, and only then offered.

A change is refused if the text that it makes does not load, does not say what was asked, or says
anything else differently than before.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import SettingsError
from ..frozen import frozen
from .edit import Edit
from .files import FileRead, read
from .gcfg_syntax import BYTE_ORDER_MARK, decode
from .loader import is_toml, loads
from .model import CLEARS_BUILT_IN, PROHIBITED, SETTINGS, Kind, Setting, Settings
from .names import by_name
from .values import (
    BadValue,
    check,
    parse_bool,
    parse_duration,
    parse_size,
)

GivenValue = bool | int | float | str | Sequence[str] | Mapping[str, str]
"""A value to set: typed, or text as a user types it (``yes``, ``90m``, ``["A=1", "B=2"]``)."""


def set_value(
    path: str | os.PathLike[str], name: str, value: GivenValue, *, after: Edit | None = None
) -> Edit:
    """Set a setting, a list or table as a whole. Raises SettingsError.

    after: an edit of the same file, not yet written; the result is both in one.
    """
    return _joined(after, _Change.of(path, name, after).to(value))


def add_value(
    path: str | os.PathLike[str],
    name: str,
    value: str | Sequence[str],
    *,
    after: Edit | None = None,
) -> Edit:
    """Add items to a list, or ``NAME=VALUE`` to a table; what is there already stays as it is.

    after: as for `set_value`. Raises SettingsError.
    """
    change = _Change.of(path, name, after)
    added = [value] if isinstance(value, str) else value
    held = change.held()
    if isinstance(held, Mapping):
        return _joined(after, change.to({**held, **change.checked(added)}))
    items = (*held, *(item for item in dict.fromkeys(added) if item not in held))
    return _joined(after, change.to(items))


def remove_value(
    path: str | os.PathLike[str],
    name: str,
    value: str | Sequence[str] | None = None,
    *,
    after: Edit | None = None,
) -> Edit:
    """Remove items of a list or table, or with None the setting, so that its default holds.

    after: as for `set_value`. Raises SettingsError, also where there is no such item.
    """
    change = _Change.of(path, name, after)
    if value is None:
        return _joined(after, change.to_default())
    removed = [value] if isinstance(value, str) else value
    held = change.held()
    for item in removed:
        if item not in held:
            raise change.error(f"{change.setting.toml} has no {item!r}: nothing to remove")
    if isinstance(held, Mapping):
        left = {key: item for key, item in held.items() if key not in removed}
        return _joined(after, change.to(left))
    return _joined(after, change.to(tuple(item for item in held if item not in removed)))


def _joined(first: Edit | None, second: Edit) -> Edit:
    """Two edits of one file, the second made on what the first makes of it."""
    return second if first is None else Edit(second.path, first.before, second.after)


@frozen
class _Change:
    """One setting of one file, to be changed.

    now: the settings as they are; None where the file does not load, and the change may cure it.
    """

    file: FileRead
    setting: Setting
    now: Settings | None

    @classmethod
    def of(cls, path: str | os.PathLike[str], name: str, after: Edit | None) -> _Change:
        setting = by_name(name)
        if setting is None:
            names = ", ".join(item.toml for item in SETTINGS)
            raise SettingsError(
                f"{name!r} is no setting: there are {names}", code="settings-unknown-name"
            )
        file = read(Path(os.path.abspath(path)))
        if after is not None:
            file = file._replace(content=after.after)
        if not is_toml(file.path) and setting.in_gcfg is None:
            raise SettingsError(
                f"a .gcfg file cannot hold {setting.toml}: use a pysteward.toml that names it"
                " in settings-from",
                code="settings-toml-only",
                file=file.path,
            )
        try:
            now = loads(file.path, file.content)
        except SettingsError:
            now = None
        return cls(file, setting, now)

    def held(self) -> Mapping[str, str] | tuple[str, ...]:
        """Return the items of a list or table as this file has them."""
        if self.setting.kind not in (Kind.LIST, Kind.TABLE):
            raise self.error(f"{self.setting.toml} holds one value: set it")
        settings = self.now or loads(self.file.path, self.file.content)
        elsewhere = settings.origins[self.setting.field].file
        if elsewhere not in (None, self.file.path):
            raise self.error(f"{self.setting.toml} is set in {elsewhere}: change it there")
        return self._in(settings)

    def to(self, value: GivenValue) -> Edit:
        """Return the edit that sets the value."""
        written = self.checked(value)
        wanted = self._as_read(written)
        if self.now is not None and self._is_set_in(self.now) and self._in(self.now) == wanted:
            return Edit(self.file.path, self.file.content, self.file.content)
        if is_toml(self.file.path):
            from ..toml_text import decode_toml
            from .toml_editor import set_in_toml

            source = decode_toml(self.file.content, self.file.path)
            text = set_in_toml(source, self.setting, written)
        else:
            from .gcfg_editor import set_in_gcfg

            text = set_in_gcfg(decode(self.file.content, self.file.path), self.setting, written)
        return self._proved(text, lambda after: self._in(after) == wanted)

    def to_default(self) -> Edit:
        """Return the edit that takes the setting out of the file."""
        if is_toml(self.file.path):
            from ..toml_text import decode_toml
            from .toml_editor import unset_in_toml

            text = unset_in_toml(decode_toml(self.file.content, self.file.path), self.setting)
        else:
            from .gcfg_editor import unset_in_gcfg

            text = unset_in_gcfg(decode(self.file.content, self.file.path), self.setting)
        return self._proved(text, lambda after: not self._is_set_in(after))

    def checked(self, value: GivenValue) -> Any:
        """Return a value as it is written.

        Raises SettingsError where the setting cannot have it.
        """
        try:
            typed = _typed(self.setting, value)
            checked = check(self.setting, typed)
        except BadValue as problem:
            raise self.error(f"{self.setting.toml}: {problem}") from None
        return typed if self.setting.kind in (Kind.DURATION, Kind.SIZE) else checked

    def error(self, message: str) -> SettingsError:
        return SettingsError(message, code="settings-value", file=self.file.path)

    def _as_read(self, value: Any) -> Any:
        """Return what Settings holds once ``value`` is written."""
        if self.setting.kind is Kind.DURATION:
            return parse_duration(value)
        if self.setting.kind is Kind.SIZE:
            return parse_size(value)
        if self.setting.kind is Kind.PATH:
            return self.file.path.parent / value if value else None
        if self.setting.kind in (Kind.TEXT, Kind.RETENTION):
            return value or None
        return value

    def _in(self, settings: Settings) -> Any:
        return getattr(settings, self.setting.field)

    def _is_set_in(self, settings: Settings) -> bool:
        """Return whether the file itself sets it, and not the one that it takes settings from."""
        return settings.origins[self.setting.field].file == self.file.path

    def _proved(self, text: str, is_as_asked: Callable[[Settings], bool]) -> Edit:
        mark = BYTE_ORDER_MARK if self.file.content.startswith(BYTE_ORDER_MARK) else b""
        try:
            content = mark + text.encode()
        except UnicodeEncodeError:
            raise self.error("the value is no Unicode text and cannot be written") from None
        after = loads(self.file.path, content)
        if not is_as_asked(after) or not self._else_equal(after):
            raise SettingsError(
                f"{self.setting.toml} cannot be changed without changing something else:"
                " edit the file by hand",
                code="settings-not-editable",
                file=self.file.path,
            )
        return Edit(self.file.path, self.file.content, content)

    def _else_equal(self, after: Settings) -> bool:
        if self.now is None or self.setting.field == "settings_from":
            return True
        changed = {self.setting.field}
        if self.setting.field == PROHIBITED and not self._is_set_in(after):
            # The bare line that clears the built-in list is one of this setting's lines.
            changed.add(CLEARS_BUILT_IN)
        return all(
            getattr(self.now, item.field) == getattr(after, item.field)
            for item in SETTINGS
            if item.field not in changed
        )


def _typed(setting: Setting, value: GivenValue) -> Any:
    """Return a value of the kind that the setting has, from one that may be text throughout."""
    if setting.kind is Kind.LIST and isinstance(value, str):
        return (value,)
    if setting.kind is Kind.TABLE and isinstance(value, Sequence):
        items = [value] if isinstance(value, str) else value
        return MappingProxyType(dict(_assignment(item) for item in items))
    if not isinstance(value, str):
        return value
    if setting.kind is Kind.BOOL:
        return parse_bool(value)
    if (
        setting.kind in (Kind.COUNT, Kind.DURATION, Kind.SIZE)
        and value.isascii()
        and value.isdigit()
    ):
        return int(value[:16])
    return value


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise BadValue(f"{text!r} must be NAME=VALUE")
    return name, value
