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

from .translations import in_english

# Cursor movements, colours (also where the escape character itself was lost), titles.
_TERMINAL = re.compile(
    r"\x1b\][^\x07\x1b]{0,500}(?:\x07|\x1b\\)?|"
    r"\x1b\[[0-?]{0,40}[ -/]{0,4}[@-~]|\x1b[@-Z\\^_()#][0AB]?"
    r"|\[(?:[0-9]{1,3}(?:;[0-9]{1,3}){0,4})?m(?=\S|$)"
)

# What stands before the text of a tool. Each ends in white space or is white space.
_PREFIX = re.compile(
    r"""(?:
      \s+
    | \[?\d{4}[-/]\d\d[-/]\d\d[T\s]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:\s?(?:AM|PM)\b)?
        (?:\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?\]?:?(?=\s|$)                 # 2024/01/05 10:11:12.123
    | \d\d/\d\d\s\d\d:\d\d:\d\d\.\d{1,9}(?=\s|$)                         # 12/07 10:11:12.123
    | time="?\d{4}-\d\d-\d\dT[\d:.]{8,20}(?:Z|[+-]\d\d:\d\d)?"?\slevel=\w{1,9}\smsg="?
    | \#\#\[(?:error|warning|command|section|debug)\]                   # Azure's pipelines
    | Error:\s(?=(?:WARNING|ERROR):\s)                                  # GitHub's
    | Step\s\#\d{1,3}(?:\s-\s"[\w.-]{1,60}")?:(?=\s)                    # Google's Cloud Build
    | remote:(?=\s{7})                                                   # Heroku's
    | \#>(?=\s|$)                                                       # knitr's
    | \[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:\s?(?:AM|PM)\b)?\]?:?(?=\s)     # 10:11:12
    | (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s[\s\d]\d\s\d\d:\d\d:\d\d\s   # syslog
        \S{1,80}\s[\w.@/-]{1,80}(?:\[\d{1,10}\])?:(?=\s)
    | \[(?:rsc-session|rsc-build|[Cc]onnect|pip|python|info|INFO|stdout|stderr|\d{1,8})\](?=\s|$)
    | \#\d{1,4}(?=\s)                                                    # Docker's BuildKit
    | \d{1,6}\.\d{1,4}(?=\s)                                             # its seconds
    | (?:=>\s){1,2}(?:\#(?=\s))?                                        # its terminal's view
    | [\w.-]{1,60}\s{1,20}\|(?=\s)                                       # docker compose
    | [0-9a-f]{2}[OE][+\s](?=\S|\s)                                      # GitLab
    | [│┃╰├└─>▶]{1,4}(?=\s|$)                                           # pip's and uv's trees
    )""",
    re.VERBOSE,
)
_MOST_PREFIXES = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One line: where it stands, what it says, and what rules look at."""

    source: str
    number: int
    text: str
    body: str


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
        return self.lines[index + 1].number - self.lines[index].number <= 1


def clean(raw: bytes) -> str:
    """The text of a line without colours and control characters; any bytes are accepted."""
    text = raw.decode("utf-8", "backslashreplace")
    if "\x1b" in text or ("m" in text and "[" in text):
        text = _TERMINAL.sub("", text)
    return text.replace("\0", "").rstrip()


def line_of(source: str, number: int, raw: bytes) -> Line:
    """The line at ``number`` of ``source`` whose bytes are ``raw``."""
    text = clean(raw)
    return Line(source, number, text, in_english(without_prefix(text)))


def without_prefix(text: str) -> str:
    """The text without what tools put before it and without indentation."""
    start = 0
    for _ in range(_MOST_PREFIXES):
        found = _PREFIX.match(text, start)
        if found is None:
            break
        start = found.end()
    return text[start:]


# uv indents what a build printed by this much, and since 0.5 breaks it at this width.
_WRAPPED_INDENT: Final = " " * 6
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
            if _RETRY_ENDS in body and len(lines[last].text) < len(lines[last - 1].text):
                whole[index] = replace(line, body=body)
                for part in range(index + 1, last + 1):
                    whole[part] = replace(lines[part], body="")
                break
    return whole


def _is_broken(lines: list[Line], index: int) -> bool:
    if index + 1 == len(lines):
        return False
    line, following = lines[index], lines[index + 1]
    if following.number - line.number != 1 or not line.body or not following.body:
        return False
    if not (line.text.startswith(_WRAPPED_INDENT) and following.text.startswith(_WRAPPED_INDENT)):
        return False
    word = following.text.split(maxsplit=1)[0]
    return len(line.text) <= _WRAPPED_WIDTH < len(line.text) + 1 + len(word)
