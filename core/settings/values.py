"""What a settings file says, checked value by value, before defaults are filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, cast

from ..frozen import frozen
from .model import Kind, Origin, Setting, SettingsWarning

_DURATION = re.compile(
    r"(?=.)(?:([0-9]{1,3})d)?(?:([0-9]{1,4})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,9})s?)?"
)
_SIZE = re.compile(r"([0-9]{1,16})(?:([kmgt]?)(?:i?b)?)")
_UNITS = {"": 0, "k": 10, "m": 20, "g": 30, "t": 40}
_SMALLEST, _LARGEST = 1 << 10, 1 << 50
_LONGEST = 366 * 86400.0
_MOST_BUILDS = 1024
_MOST_DIGITS = 9
_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TYPE_NAMES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "true or false"),
    ((int, float), "a number"),
    (str, "a string"),
    ((list, tuple), "a list"),
    (Mapping, "a table"),
)
_BOOLS = {
    "true": True, "yes": True, "on": True, "1": True,
    "false": False, "no": False, "off": False, "0": False,
}  # fmt: skip


class BadValue(ValueError):
    """A value is not what its setting wants.

    item: which item of a list or table is the bad one; None: the value itself.
    """

    def __init__(self, message: str, item: int | str | None = None) -> None:
        super().__init__(message)
        self.item = item


@dataclass(slots=True, eq=False, repr=False)
class FileValues:
    """All that one file says: values by field, checked, each with where it is said."""

    values: dict[str, Any] = field(default_factory=dict[str, Any])
    origins: dict[str, Origin] = field(default_factory=dict[str, Origin])
    warnings: list[SettingsWarning] = field(default_factory=list[SettingsWarning])


def parse_bool(text: str) -> bool:
    """Return a bool by its names in gcfg, which ignore case; raises BadValue."""
    value = _BOOLS.get(text.lower())
    if value is None:
        raise BadValue(f"{text!r} is neither true nor false: write true or false")
    return value


def parse_choice(setting: Setting, text: str) -> str:
    """Return the canonical form of a name, which ignores case; empty means the default.

    Raises BadValue.
    """
    name = text.lower() or setting.choices[0]
    if name not in setting.choices:
        raise BadValue(f"{text!r} is unknown: write one of {', '.join(setting.choices)}")
    return name


def parse_duration(value: float | str) -> float:
    """Seconds, from a number of seconds or a text such as ``90m``, ``1h30m`` or ``3600``.

    Raises BadValue.
    """
    if isinstance(value, str):
        found = _DURATION.fullmatch(value.replace(" ", "").lower())
        if found is None:
            raise BadValue(f"{value!r} is no duration: write seconds, or such as 90m or 1h30m")
        days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        value = days * 86400 + hours * 3600 + minutes * 60 + seconds
    if not 0 < value <= _LONGEST:
        raise BadValue("a duration is more than 0 and at most 366 days")
    return float(value)


def parse_size(value: int | str) -> int:
    """Bytes, from a number of bytes or a text such as ``512MiB``, ``2 GiB`` or ``1G``.

    A unit is a power of 1024. Raises BadValue.
    """
    if isinstance(value, str):
        found = _SIZE.fullmatch(value.replace(" ", "").lower())
        if found is None:
            raise BadValue(f"{value!r} is no size: write bytes, or such as 512MiB or 2GiB")
        value = int(found[1]) << _UNITS[found[2] or ""]
    if not _SMALLEST <= value <= _LARGEST:
        raise BadValue("a size is at least 1 KiB and at most 1 PiB")
    return value


@frozen
class Retention:
    """Which builds of one content are kept. number: so many, the newest. age: seconds. None: no
    limit."""

    number: int | None
    age: float | None


def parse_retention(text: str) -> Retention:
    """Return what a text such as ``20``, ``90d`` or ``20 90d`` means. Raises BadValue."""
    number: int | None = None
    age: float | None = None
    for word in text.split():
        if word.isascii() and word.isdigit() and number is None:
            number = int(word[:_MOST_DIGITS])
        elif word[-1] in "dhDH" and age is None:
            age = parse_duration(word)
        else:
            raise BadValue(f"{text!r} must be {Kind.RETENTION.value}")
    if number == 0:
        raise BadValue("the newest build is always kept: write a number from 1")
    return Retention(number, age)


def check(setting: Setting, value: object) -> Any:
    """Return a value from a typed file as Settings holds it (a path still as text).

    Raises BadValue.
    """
    kind = setting.kind
    if kind is Kind.BOOL and isinstance(value, bool):
        return value
    if kind is Kind.LIST and isinstance(value, list | tuple):
        items = cast("Sequence[object]", value)
        return tuple(_text(item, number) for number, item in enumerate(items))
    if kind is Kind.TABLE and isinstance(value, Mapping):
        return _table(cast("Mapping[str, object]", value))
    if kind is Kind.CHOICE and isinstance(value, str):
        return parse_choice(setting, value)
    if kind in (Kind.TEXT, Kind.PATH) and isinstance(value, str):
        return _text(value)
    if kind is Kind.DURATION and isinstance(value, int | float | str) and type(value) is not bool:
        return parse_duration(value)
    if kind is Kind.SIZE and isinstance(value, int | str) and type(value) is not bool:
        return parse_size(value)
    if kind is Kind.COUNT and isinstance(value, int) and not isinstance(value, bool):
        if not 1 <= value <= _MOST_BUILDS:
            raise BadValue(f"must be from 1 to {_MOST_BUILDS}")
        return value
    if kind is Kind.RETENTION and isinstance(value, int | str) and not isinstance(value, bool):
        text = " ".join(_text(str(value)).split())
        parse_retention(text)
        return text
    raise BadValue(f"must be {kind.value}, not {_name_of_type(value)}")


def _table(value: Mapping[str, object]) -> Mapping[str, str]:
    for name in value:
        if not _VARIABLE_NAME.fullmatch(name):
            raise BadValue(f"{name!r} is no name of an environment variable", name)
    return MappingProxyType({name: _text(item, name) for name, item in value.items()})


def _text(value: object, item: int | str | None = None) -> str:
    if not isinstance(value, str):
        raise BadValue(f"must be a string, not {_name_of_type(value)}", item)
    if "\0" in value:
        raise BadValue("no path, name or variable can hold a NUL character", item)
    return value


def _name_of_type(value: object) -> str:
    for types, name in _TYPE_NAMES:
        if isinstance(value, types):
            return name
    return "a date or time"
