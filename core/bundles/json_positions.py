"""Where each field of a JSON text stands. Only errors need it, so only they import it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(r'[ \t\n\r]*(?:("(?:[^"\\]|\\.)*")|([{}\[\],:])|([^\s{}\[\],:"]+))', re.DOTALL)

# No field of ours lies deeper; naming every value of a deep nest would take minutes.
_DEEPEST = 8


class Position(NamedTuple):
    """A value. field: the names that lead to it, an element of a list as ``[0]``; start: where."""

    field: tuple[str, ...]
    start: int


def walk(text: str) -> Iterator[Position]:
    """Yield the values of a text that is JSON (or JSON with NaN), with their fields and places."""
    path: list[str | int] = []
    expects_key = False
    position = 0
    while (found := _TOKEN.match(text, position)) is not None:
        position = found.end()
        string, mark, _word = found.groups()
        start = found.start(found.lastindex or 0)
        if string is not None and expects_key:
            path[-1], expects_key = _unquote(string), False
        elif mark == ",":
            inner = path[-1] if path else ""
            if isinstance(inner, int):
                path[-1] = inner + 1
            else:
                expects_key = True
        elif mark in ("}", "]"):
            if path:
                path.pop()
            expects_key = False
        elif mark != ":":
            if len(path) <= _DEEPEST:
                yield Position(tuple(f"[{p}]" if isinstance(p, int) else p for p in path), start)
            if mark == "{":
                path.append("")
                expects_key = True
            elif mark == "[":
                path.append(0)


def _unquote(string: str) -> str:
    try:
        return str(json.loads(string))
    except ValueError:
        return string[1:-1]
