"""The lines of a log that are worth reading, cleaned for matching.

A line keeps its number in the file and the text that was there. Rules look at ``body``: the same
without what tools put before it, such as time stamps, the name of a container, pip's ``│``, and
with phrases of other languages in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from .json_lines import text_of_object
from .prefixes import split_prefix
from .translations import in_english

# Cursor movements, colors, titles; colors also where the escape character itself was lost, which
# is known by their number: `[m` alone is part of a name such as `celery[mongodb]`.
_TERMINAL = re.compile(
    r"\x1b\][^\x07\x1b]{0,500}(?:\x07|\x1b\\)?|"
    r"\x1b\[[0-?]{0,40}[ -/]{0,4}[@-~]|\x1b[@-Z\\^_()#][0AB]?"
)
_LOST: Final = re.compile(r"\[(?:0|[1-9]\d?(?=;)|[1-9]|[349]\d|10\d)(?:;\d{1,3}){0,4}m(?!\w*\])")
_LOST_END: Final = re.compile(r"\[0?m(?=\s|$|[^\w\]])")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: where it stands, what it says, and what rules look at.

    number: its number in the file. order: its place among the lines as they were written, before a
    terminal broke them or a document quoted them. depth: how far its body is indented behind what
    tools put before it.
    """

    source: str
    number: int
    text: str
    body: str
    depth: int = 0
    order: int = 0

    @property
    def width(self) -> int:
        """How long the line is with its indentation, without what tools put before it."""
        return self.depth + len(self.body)


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """The telling lines of one log, in order; ``length`` counts all lines of the file."""

    source: str
    lines: tuple[Line, ...]
    length: int

    def before(self, index: int, count: int) -> tuple[Line, ...]:
        """Up to ``count`` lines directly before the one at ``index``, in order."""
        first = index
        while first > 0 and index - first < count and self._adjoin(first - 1):
            first -= 1
        return self.lines[first:index]

    def after(self, index: int, count: int) -> tuple[Line, ...]:
        """Up to ``count`` lines directly after the one at ``index``, in order."""
        last = index
        while last + 1 < len(self.lines) and last - index < count and self._adjoin(last):
            last += 1
        return self.lines[index + 1 : last + 1]

    def back_from(self, index: int) -> Iterator[Line]:
        """All telling lines before the one at ``index``, the nearest first."""
        for position in range(index - 1, -1, -1):
            yield self.lines[position]

    def _adjoin(self, index: int) -> bool:
        return self.lines[index + 1].order - self.lines[index].order <= 1


def clean(raw: bytes) -> str:
    """The text of a line without colors and control characters; any bytes are accepted."""
    text = raw.decode("utf-8", "backslashreplace")
    if "\x1b" in text:
        text = _TERMINAL.sub("", text)
    elif "m" in text and "[" in text and _LOST.search(text, 0, 10_000):
        text = _LOST_END.sub("", _LOST.sub("", text))
    return text.replace("\0", "").rstrip()


def line_of(source: str, number: int, raw: bytes) -> Line:
    """The line at ``number`` of ``source`` whose bytes are ``raw``."""
    text = clean(raw)
    depth, body = split_prefix(text)
    if body.startswith("{"):
        depth, body = split_prefix(said_in(body))
    if not body.startswith(NOTES):
        body = in_english(_repaired(body))
    return Line(source, number, text, body, depth, number)


def said_in(body: str) -> str:
    """Return what a body that is one JSON object says, else the body."""
    for _ in range(_MOST_QUOTED):
        said = text_of_object(body.encode("utf-8", "replace")) if body.startswith("{") else None
        if said is None:
            break
        body = said
    return body


# What pip's full log notes of each file of an index: English, no failure, looked up by rules.
NOTES: Final = ("Found link", "Skipping link", "Link requires")

_MOST_QUOTED: Final = 3  # one logger's objects in those of another


# UTF-8 that was read as Windows' code page, as mail programs and old terminals show it.
_MISREAD: Final = ("â", "Ã", "Â")


def _repaired(text: str) -> str:
    if text.isascii() or not any(mark in text for mark in _MISREAD):
        return text
    try:
        return split_prefix(text.encode("cp1252").decode("utf-8"))[1]
    except UnicodeError:
        return text


# uv indents what a build printed by this much, and since 0.5 breaks it at this width.
_WRAPPED_INDENT: Final = 6
_WRAPPED_WIDTH: Final = 80
_MOST_JOINED: Final = 6
_RETRY_ENDS: Final = "': /"  # then comes the path that was asked for


def unwrapped(lines: list[Line]) -> list[Line]:
    """The lines; where one was broken, the body of its first part has all of it.

    uv breaks at a space, which is known by the next word: it would not have fitted into the line.
    Terminals break anywhere; among what matters only pip's retries are so long.
    """
    lines = _with_whole_retries(lines)
    if not any(line.text.strip() in ("[stderr]", "[stdout]") for line in lines):
        return lines
    joined: list[Line] = []
    for index, line in enumerate(lines):
        body, last = line.body, index
        while last - index < _MOST_JOINED and _is_broken(lines, last):
            last += 1
            body += f" {lines[last].body}"
        joined.append(line if last == index else replace(line, body=body))
    return joined


def _with_whole_retries(lines: list[Line]) -> list[Line]:
    """The lines; of a broken one the first has all of the body, and the others have none."""
    whole = list(lines)
    for index, line in enumerate(lines):
        if "Retrying (" not in line.body or _RETRY_ENDS in line.body:
            continue
        body = line.body
        for last in range(index + 1, min(index + 1 + _MOST_JOINED, len(lines))):
            if "Retrying (" in lines[last].body:
                break
            body += lines[last].body
            if _RETRY_ENDS in body and lines[last].width < lines[last - 1].width:
                whole[index] = replace(line, body=body)
                for part in range(index + 1, last + 1):
                    whole[part] = replace(lines[part], body="")
                break
    return whole


def _is_broken(lines: list[Line], index: int) -> bool:
    if index + 1 == len(lines):
        return False
    line, following = lines[index], lines[index + 1]
    if following.order - line.order != 1 or not line.body or not following.body:
        return False
    if min(line.depth, following.depth) < _WRAPPED_INDENT:
        return False
    word = following.body.split(maxsplit=1)[0]
    return line.width <= _WRAPPED_WIDTH < line.width + 1 + len(word)
