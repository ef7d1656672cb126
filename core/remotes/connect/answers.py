"""Read values out of a server's JSON: what is needed must be right, what is not known is skipped.

Each release of Connect adds fields and drops others, so an absent field is not an error, and a
field of the wrong type counts as absent. An entry without what it is known by is left out and
counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar, cast

from ...errors import RemoteError, RequestError
from ...versions import PythonVersion

T = TypeVar("T")
Fields = Mapping[str, object]

_LONGEST = 2000  # characters of one text; titles and names have some hundred at most
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<clock>\d\d:\d\d:\d\d)(?:\.(?P<part>\d{1,12}))?"
    r"(?:Z|(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d))"
)


def objects(found: object, path: str) -> list[Fields]:
    """Return a list of objects; what in it is not an object is left out.

    Raises RemoteError (remote-answer) where the answer is not a list.
    """
    if not isinstance(found, list):
        raise wrong(path, "a list")
    return [cast("Fields", item) for item in cast("list[object]", found) if isinstance(item, dict)]


def one_object(found: object, path: str) -> Fields:
    """Return an object. Raises RemoteError (remote-answer)."""
    if not isinstance(found, dict):
        raise wrong(path, "an object")
    return cast("Fields", found)


def is_paged(found: object) -> bool:
    """Return whether an answer is one page of several, and not the plain list."""
    return isinstance(found, dict)


def inner(fields: Fields, name: str) -> Fields:
    """Return an object inside an object; an empty one where there is none."""
    found = fields.get(name)
    return cast("Fields", found) if isinstance(found, dict) else {}


def each(entries: list[Fields], read: Callable[[Fields], T | None]) -> tuple[tuple[T, ...], int]:
    """Return what can be read of the entries, and how many cannot."""
    good = [value for value in map(read, entries) if value is not None]
    return tuple(good), len(entries) - len(good)


def text(fields: Fields, name: str) -> str:
    """Return a text, of limited length and without half characters; "" where there is none."""
    found = fields.get(name)
    if not isinstance(found, str):
        return ""
    if len(found) > _LONGEST:
        found = found[:_LONGEST]
    # JSON can name half of a surrogate pair, which no file and no terminal takes.
    return found if found.isascii() else found.encode("utf-8", "replace").decode("utf-8")


def number(fields: Fields, name: str) -> int | None:
    found = fields.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def truth(fields: Fields, name: str) -> bool | None:
    found = fields.get(name)
    return found if isinstance(found, bool) else None


def identifier(fields: Fields, name: str) -> str | None:
    """Return an id that is a number or a word, to be put into a path; None where it is neither."""
    found = fields.get(name)
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    if isinstance(found, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", found):
        return found
    return None


def guid(fields: Fields, name: str) -> str | None:
    found = fields.get(name)
    if not isinstance(found, str):
        return None
    lowered = found.lower()
    return lowered if _GUID.fullmatch(lowered) else None


def is_guid(written: str) -> bool:
    return _GUID.fullmatch(written.lower()) is not None


def python(fields: Fields, name: str) -> PythonVersion | None:
    """Return a Python's version; None where it is absent, empty, or not one."""
    found = fields.get(name)
    if not isinstance(found, str) or not found:
        return None
    known = _VERSIONS.get(found)
    if known is None:
        try:
            known = PythonVersion.parse(found)
        except RequestError:
            return None
        if len(_VERSIONS) < 1000:
            _VERSIONS[found] = known
    return known


_VERSIONS: dict[str, PythonVersion] = {}


def moment(fields: Fields, name: str) -> float | None:
    """Return an RFC 3339 time as seconds since 1970; None where it is absent or not one."""
    found = fields.get(name)
    match = _TIME.fullmatch(found) if isinstance(found, str) and len(found) < 60 else None
    if match is None:
        return None
    try:
        base = datetime.fromisoformat(f"{match['day']}T{match['clock']}+00:00")
    except ValueError:
        return None
    offset = timedelta(hours=int(match["hours"] or 0), minutes=int(match["minutes"] or 0))
    if match["sign"] == "-":
        offset = -offset
    return base.timestamp() - offset.total_seconds() + float(f"0.{match['part'] or 0}")


def wrong(path: str, wanted: str) -> RemoteError:
    return RemoteError(f"{path}: the answer is not {wanted}", code="remote-answer")
