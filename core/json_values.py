"""Frozen values to JSON and back, as the annotations of their classes say.

| annotation | JSON |
| --- | --- |
| a dataclass, a NamedTuple | an object with a member for each field |
| `tuple[X, ...]`, `tuple[X, Y]` | an array |
| `Mapping[str, X]`, `dict[str, X]` | an object |
| `str`, `int`, `float`, `bool`, `None`, `X or None`, `Literal`, an `Enum` | itself, or its value |
| `bytes` | text, each byte as the character of that number (Latin-1) |
| `Path`, and a class with a `parse` method | its text |

A document may come from elsewhere, so nothing is converted silently: a number is not taken for a
text, nor `true` for 1. Members that the class does not know are skipped, because a newer release
may have written them. A field without a member takes its default.
"""

from __future__ import annotations

import json
import math
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, Union, cast

from .errors import StewardError

T = TypeVar("T")
_Reader = Callable[[object], Any]
_SCALARS = (str, int, float, bool, type(None))
_LARGEST = 64 * 1024 * 1024

JSON_DEPTH: Final = 64
"""How deep arrays and objects may be nested: no document of pysteward is nested deeper than ten."""


class JsonError(ValueError):
    """A document that does not fit the class. The text says where: ``findings[0].line: …``."""


def parse_json(data: bytes, *, largest: int = _LARGEST) -> Any:
    """Return the document of a JSON text (RFC 8259).

    data: UTF-8. largest: bytes that are parsed.
    Raises: JsonError when it is larger, malformed, or nested deeper than `JSON_DEPTH`.
    """
    if len(data) > largest:
        raise JsonError(f"larger than {largest} bytes")
    if not _is_nested_at_most(JSON_DEPTH, data):
        raise JsonError(f"nested deeper than {JSON_DEPTH} levels")
    try:
        return json.loads(data, parse_constant=_refuse_constant)
    except ValueError as error:
        raise JsonError(str(error)) from None


def _is_nested_at_most(depth: int, data: bytes) -> bool:
    """Return whether brackets are nested at most so deep; without recursion, in time linear in the
    data.

    Brackets in strings do not count. Each pass takes away the innermost pairs, so the number of
    passes is the depth; what is left after them is nested deeper or is not JSON.
    """
    if data.count(b"[") + data.count(b"{") <= depth:
        return True
    plain = data.replace(b"\\\\", b"").replace(b'\\"', b"").translate(None, _NOT_STRUCTURE)
    brackets = b"".join(plain.split(b'"')[::2]).replace(b"{", b"[").replace(b"}", b"]")
    for _ in range(depth):
        brackets = brackets.replace(b"[]", b"")
        if not brackets:
            return True
    return False


_NOT_STRUCTURE: Final = bytes(byte for byte in range(256) if byte not in b'"[]{}')


def as_json(value: object) -> Any:
    """Return the JSON form of a value; the table above says which."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, _SCALARS):
        return value
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value).items()
        return {name: as_json(item) for name, item in items}
    if isinstance(value, Path) or hasattr(type(value), "parse"):
        return str(value)
    if is_dataclass(value):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        row = cast("tuple[object, ...]", value)
        names: tuple[str, ...] | None = getattr(row, "_fields", None)
        items = [as_json(item) for item in row]
        return items if names is None else dict(zip(names, items, strict=True))
    raise TypeError(f"no JSON form for {type(value).__name__}")


def from_json(kind: type[T], document: object) -> T:
    """Return the value of a document that `as_json` made of a value of that class.

    Raises: JsonError when it does not fit.
    """
    try:
        return _reader(kind)(document)
    except JsonError as error:
        raise JsonError(str(error).lstrip(".: ")) from None


@cache
def _reader(kind: Any) -> _Reader:
    """Return the function that reads a document of this annotation."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any or kind is object:
        return lambda document: document
    if origin is Literal:
        return _one_of({value: value for value in arguments})
    if origin in (Union, types.UnionType):
        return _optional(arguments)
    if origin is tuple:
        return _array(arguments)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(arguments[1])
    if issubclass(kind, Enum):
        return _one_of({member.value: member for member in kind})
    if kind is bytes:
        return _converted(lambda text: text.encode("latin-1"))
    if issubclass(kind, Path):
        return _converted(kind)
    if hasattr(kind, "parse"):
        return _converted(kind.parse)
    if is_dataclass(kind) or hasattr(kind, "_fields"):
        return _object(kind)
    return _scalar(kind)


def _scalar(kind: Any) -> _Reader:
    def read(document: object) -> object:
        if kind is float and type(document) is int:
            return float(document)
        if type(document) is not kind or document in (math.inf, -math.inf):
            raise JsonError(f": not {_NAMES[kind]}")
        return document

    return read


def _one_of(values: Mapping[str, object]) -> _Reader:
    def read(document: object) -> object:
        if not isinstance(document, str) or document not in values:
            raise JsonError(f": not one of {', '.join(values)}")
        return values[document]

    return read


def _optional(kinds: tuple[Any, ...]) -> _Reader:
    kind, nothing = sorted(kinds, key=lambda each: each is type(None))
    assert nothing is type(None), "only X | None has a JSON form"
    read = _reader(kind)
    return lambda document: None if document is None else read(document)


def _array(kinds: tuple[Any, ...]) -> _Reader:
    has_any_length = len(kinds) == 2 and kinds[1] is Ellipsis
    readers = [_reader(kind) for kind in kinds if kind is not Ellipsis]

    def read(document: object) -> object:
        if not isinstance(document, list):
            raise JsonError(": not an array")
        items = cast("list[object]", document)
        if not has_any_length and len(items) != len(readers):
            raise JsonError(f": not {len(readers)} items")
        each = readers * len(items) if has_any_length else readers
        return tuple(
            _at(f"[{number}]", reader, item)
            for number, (reader, item) in enumerate(zip(each, items, strict=True))
        )

    return read


def _mapping(kind: Any) -> _Reader:
    reader = _reader(kind)

    def read(document: object) -> object:
        return {name: _at(f".{name}", reader, item) for name, item in _members(document).items()}

    return read


def _object(kind: Any) -> _Reader:
    hints = typing.get_type_hints(kind)
    if hasattr(kind, "_fields"):
        needed = {name: name not in kind._field_defaults for name in kind._fields}
    else:
        needed = {
            field.name: field.default is MISSING and field.default_factory is MISSING
            for field in fields(kind)
        }
    readers = {name: _reader(hints[name]) for name in needed}

    def read(document: object) -> object:
        members = _members(document)
        for name, is_needed in needed.items():
            if is_needed and name not in members:
                raise JsonError(f".{name}: missing")
        return kind(
            **{
                name: _at(f".{name}", reader, members[name])
                for name, reader in readers.items()
                if name in members
            }
        )

    return read


def _converted(convert: Callable[[str], object]) -> _Reader:
    text = _reader(str)

    def read(document: object) -> object:
        try:
            return convert(text(document))
        except (UnicodeError, StewardError) as error:
            raise JsonError(f": {error}") from None

    return read


def _members(document: object) -> dict[str, object]:
    if not isinstance(document, dict):
        raise JsonError(": not an object")
    return cast("dict[str, object]", document)


def _at(place: str, reader: _Reader, document: object) -> Any:
    try:
        return reader(document)
    except JsonError as error:
        raise JsonError(f"{place}{error}") from None


def _refuse_constant(name: str) -> object:
    raise JsonError(f"{name} is not JSON")


_NAMES = {
    str: "a text",
    int: "an integer",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}
