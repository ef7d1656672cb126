"""Take the lines that a tool printed out of the JSON that a server or a logging library wrote.

Two forms: one object a line (docker's json-file, structured logs), and one document for a whole
log (a task or a job of Connect: ``output``, ``entries[].data``). Every text keeps the number of the
line of the file on which it stands.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, cast

LARGEST_DOCUMENT: Final = 8 << 20  # bytes; larger ones are read as plain lines
_DEEPEST: Final = 6

# Where loggers, container engines and servers put what was printed.
_TEXTS: Final = (
    *("log", "message", "msg", "text", "data", "output", "line", "textPayload", "body", "event"),
    *("stderr", "stdout", "error", "summary", "exception", "exc_info", "traceback", "stack"),
    *("stack_trace", "detail", "details", "reason", "last"),
)
_PARTS: Final = (
    *("jsonPayload", "record", "entries", "results", "logs", "lines", "result", "task", "job"),
    *("status", "errors"),
)


def text_of_object(raw: bytes) -> str | None:
    """Return what a line that is one JSON object says; None where it is none, or says nothing.

    Several texts of one object, and several lines of one text, are separated by carriage returns.
    """
    if not raw.lstrip()[:2].startswith(b"{") or not raw.rstrip().endswith(b"}"):
        return None
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    texts = [text for text in _texts(cast("dict[str, Any]", value), 0) if text.strip()]
    if (number := _error_number(cast("dict[str, Any]", value))) is not None:
        texts = [number]
    return "\r".join(texts).replace("\r\n", "\r").replace("\n", "\r").rstrip("\r") or None


def lines_of_document(raw: bytes) -> list[tuple[int, str]] | None:
    """Return numbers and lines of a log that is one JSON document; None where it is none."""
    start = raw[:200].lstrip()[:1]
    if start not in (b"{", b"[") or len(raw) > LARGEST_DOCUMENT:
        return None
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    texts = list(_texts(value, 0))
    if isinstance(value, dict):
        number = _error_number(cast("dict[str, Any]", value))
        texts = texts if number is None else [number]
    lines: list[tuple[int, str]] = []
    position, number_of_line = 0, 1
    for text in texts:
        at = _position(raw, text, position)
        if at >= 0:
            number_of_line += raw.count(b"\n", position, at)
            position = at
        lines += [(number_of_line, line) for line in text.split("\n")]
    return lines or None


def _texts(value: Any, depth: int) -> Iterator[str]:
    """Yield what the known fields of a value hold, in their order."""
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in cast("list[Any]", value):
            yield from _texts(one, depth + 1)
    elif isinstance(value, dict):
        for key, one in cast("dict[str, Any]", value).items():
            if key in _TEXTS or (key in _PARTS and isinstance(one, (dict, list))):
                yield from _texts(one, depth + 1)


def _error_number(value: dict[str, Any]) -> str | None:
    """Return an error answer of Connect's API as a sentence: its number and its text.

    Source: public clients; see ``rules.answers``.
    """
    code, text = value.get("code"), value.get("error", value.get("summary"))
    if isinstance(code, bool) or not isinstance(code, (int, str)) or not isinstance(text, str):
        return None
    if not text or "output" in value or "log" in value:
        return None
    return f"Connect API error {code}: {text}"


def _position(raw: bytes, text: str, start: int) -> int:
    """Return where a text stands in the document, from ``start`` on; -1 where it is not found."""
    plain = json.dumps(text, ensure_ascii=False).encode("utf-8", "surrogatepass")
    at = raw.find(plain, start)
    return at if at >= 0 else raw.find(json.dumps(text).encode(), start)
