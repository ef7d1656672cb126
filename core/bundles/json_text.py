"""JSON as a manifest has it: one object, every name once, no NaN, and errors that say where.

The standard parser reads it; only when something is wrong is the text walked once more
(json_places), to find out which field it was and where that stands.
"""

from __future__ import annotations

import json
from typing import NamedTuple, cast

from ..errors import BundleError

_MOST_VALUES = 2_000_000
"""Two for each file of the longest manifest that is read, with the shortest names. An empty object
takes 2 bytes of text and 64 of memory."""

Field = tuple[str, ...]
"""The names that lead to a value, from the outermost object in."""


class JsonObject(NamedTuple):
    """What a text held, with the text, so that errors can say where."""

    value: dict[str, object]
    text: str
    file: str
    label: str

    def error(self, field: Field, complaint: str, *, code: str | None = None) -> BundleError:
        """Return one line that names the field: ``manifest.json: python.version: …``."""
        from .json_positions import walk

        where = next((value.start for value in walk(self.text) if value.field == field), None)
        return _error(self, f"{_dotted(field)}: {complaint}", where, code)


class _Refused(ValueError):
    """Standard JSON or not: something that a manifest may not hold."""


def read_object(data: bytes, *, file: str, label: str) -> JsonObject:
    """Return the object that the bytes hold. Raises BundleError, which names the file and the
    place.

    file: what the error says it is about; label: what the message calls it (``manifest.json``).
    """
    text = _decode(data, JsonObject({}, "", file, label))
    here = JsonObject({}, text, file, label)
    if not text.strip():
        raise _error(here, "is empty", None)
    if data.count(b",") + data.count(b"{") + data.count(b"[") > _MOST_VALUES:
        raise _error(here, f"holds more than {_MOST_VALUES:,} values", None)
    repeated = False

    def collect(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal repeated
        collected = dict(pairs)
        repeated = repeated or len(collected) != len(pairs)
        return collected

    def refuse(constant: str) -> object:
        raise _Refused(constant)

    try:
        value: object = json.loads(text, object_pairs_hook=collect, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise _error(here, f"is not JSON: {error.msg}", error.pos) from None
    except _Refused as constant:
        raise _constant_error(here, str(constant)) from None
    except RecursionError:
        raise _error(here, "is nested too deeply to be a manifest", None) from None
    except ValueError as error:
        raise _error(here, f"is not JSON that can be read: {error}", None) from None
    if not isinstance(value, dict):
        raise _error(here, f"must be an object, not {type_name(value)}", 0)
    found = JsonObject(cast("dict[str, object]", value), text, file, label)
    if repeated:
        _refuse_repeated(found)
    return found


def type_name(value: object) -> str:
    """Return what JSON calls the type of a value, with its article."""
    if value is None:
        return "null"
    for kind, name in ((bool, "true or false"), ((int, float), "a number"), (str, "text")):
        if isinstance(value, kind):
            return name
    return "a list" if isinstance(value, list) else "an object"


def _dotted(field: Field) -> str:
    return ".".join(field).replace(".[", "[")


def _decode(data: bytes, here: JsonObject) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[1:2] == b"\0" or data[:1] == b"\0":
        raise _error(here, "is not UTF-8 but looks like UTF-16: save it as UTF-8", None)
    if data.startswith(b"\xef\xbb\xbf"):
        # RFC 8259, section 8.1: JSON must not begin with one, and Go's parser refuses it.
        raise _error(here, "begins with a byte order mark: save it as UTF-8 without BOM", None)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        here = JsonObject({}, before, here.file, here.label)
        byte = data[error.start]
        raise _error(
            here, f"is not UTF-8 (byte 0x{byte:02x}): save it as UTF-8", len(before)
        ) from None


def _error(
    here: JsonObject, complaint: str, position: int | None, code: str | None = None
) -> BundleError:
    line = column = source = None
    if position is not None:
        line = here.text.count("\n", 0, position) + 1
        start = here.text.rfind("\n", 0, position) + 1
        column = position - start + 1
        source = here.text[start : start + 400].split("\n", 1)[0]
    return BundleError(
        f"{here.label}: {complaint}",
        code=code,
        file=here.file,
        line=line,
        column=column,
        source=source,
    )


def _constant_error(here: JsonObject, constant: str) -> BundleError:
    from .json_positions import walk

    for value in walk(here.text):
        if here.text.startswith(constant, value.start):
            return _error(here, f"{_dotted(value.field)}: {constant} is not JSON", value.start)
    return _error(here, f"{constant} is not JSON", None)


# Descriptions of R packages and lists of users are the product's own: nothing in them is read.
_NOT_OURS = frozenset({"packages", "users"})


def _refuse_repeated(here: JsonObject) -> None:
    from .json_positions import walk

    seen: set[Field] = set()
    for value in walk(here.text):
        if value.field in seen and value.field[0] not in _NOT_OURS:
            raise _error(here, f"{_dotted(value.field)}: given twice", value.start)
        if value.field:
            seen.add(value.field)
