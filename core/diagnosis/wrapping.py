"""Join the lines of a log that a terminal, a mail program or ``fold`` broke at a fixed width.

A broken log has no line longer than the width, and lines that fill it. The joined line stands where
its first piece stands; evidence shows that piece.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from .prefixes import shape_of, split_prefix

_WIDTHS: Final = (72, 76, 78, 79, 80, 100, 120, 132, 160, 200)
_USUAL: Final = 80
_SAMPLE: Final = 400_000  # bytes
_MOST_PIECES: Final = 60
_MOST_LINES: Final = 2000  # whose prefixes are looked at
_SHARE: Final = 0.6  # of the lines that have a prefix, at least as long
_MOST_HEADS: Final = 6
_SLACK: Final = 6  # how much shorter than the width the longest line may be, where only words fit
_DATED: Final = re.compile(
    r"\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|\d{4}/\d\d/\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:"
)
_BEGINS: Final = re.compile(
    r"(?:ERROR|WARNING|INFO|DEBUG|[Ee]rror|[Ww]arning|Traceback|File|Collecting|Downloading|Building|"
    r"Installing|Successfully|Using|Requirement|note|hint|running|copying|creating|writing|gcc|g\+\+|cc)\b|"
    r"[-=*+#>|×╰│~^\[║╔╚┌└├─━]|\w+\[\d+\]|remote:|script returned|[\w.-]{1,80}[=<>~!]=\S|"
    r"(?:[A-Za-z_]\w{0,60}\.){1,8}[A-Z]\w{0,60}(?::|$)|[A-Z]\w{0,60}(?:Error|Exception|Exit|NotFound)(?::|$)"
)


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How a log was broken: at which width, and whether only at spaces.

    head: how long what a platform puts before each piece is; 0 for none. dropped: whether the
    spaces at which it was broken are gone.
    """

    width: int
    at_spaces: bool
    head: int = 0
    dropped: bool = False

    def first_piece(self, text: str) -> str:
        """Return the part of a joined line that stands on its first line of the file."""
        if self.head:
            return text[: self.head + self.width]
        if len(text) <= self.width:
            return text
        if not self.at_spaces:
            return text[: self.width]
        if self.dropped and text[self.width] == " ":
            return text[: self.width]
        space = text.rfind(" ", 0, self.width + 1)
        return text[: space if space > 0 else self.width]


def wrapping_of(sample: bytes) -> Wrapping | None:
    """Return how a log was broken, judged by its beginning; None where it was not."""
    lines = sample[:_SAMPLE].decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    if len(sample) > _SAMPLE:
        lines.pop()
    if (prefixed := _behind_heads(lines[:_MOST_LINES])) is not None:
        return prefixed
    longest = max(map(len, lines), default=0)
    if not 60 <= longest <= max(_WIDTHS):
        return None
    if (filled := _at_dropped_spaces(longest, lines)) is not None:
        return filled
    for width in (longest, *(width for width in _WIDTHS if longest < width <= longest + _SLACK)):
        wrapping = _at(width, lines)
        if wrapping is not None:
            return wrapping
    return None


def _at_dropped_spaces(longest: int, lines: list[str]) -> Wrapping | None:
    """Return how paragraphs were filled whose pieces neither end nor begin with a space.

    Where each line that is full is followed by a word that had no place on it, and some of those
    are no word that a line begins with, the lines are pieces.
    """
    fitting = [width for width in _WIDTHS if longest <= width <= longest + _SLACK]
    width = _USUAL if _USUAL in fitting else min(fitting, default=0)
    if not width:
        return None
    full = [
        (line, following)
        for line, following in pairwise(lines)
        if len(line.split()) > 2 and _has_no_place(line, following, width)
    ]
    short = sum(len(line) < width for line, _ in full)
    torn = any(_is_torn(line, following) for line, following in full)
    by_force = sum(_is_full(line, longest, following) for line, following in pairwise(lines))
    return Wrapping(width, True, dropped=True) if torn and short >= max(1, by_force) else None


def _has_no_place(line: str, following: str, width: int) -> bool:
    """Whether the first word of the following line would not have fitted on a line."""
    if not following or following[0].isspace() or line.endswith(" ") or _begins(following):
        return False
    word = following.split(" ", 1)[0]
    if line.split(" ", 1)[0] == word:
        return False  # what a platform puts before each line
    return len(line) <= width < len(line) + 1 + len(word)


def _begins(line: str) -> bool:
    """Whether a line begins as no piece of a sentence does."""
    return bool(_BEGINS.match(line) or _DATED.match(line))


def _is_torn(line: str, following: str) -> bool:
    """Whether two lines look like one sentence."""
    if line[-1] in ".;" or re.fullmatch(r"\w+", following):
        return False
    return following[0].islower() or following[0] in "'\"`(<"


def _behind_heads(lines: list[str]) -> Wrapping | None:
    """Return how a log was broken whose pieces each have a platform's prefix before them."""
    heads = Counter(_head_of(line) for line in lines if line.strip())
    total = sum(heads.values())
    for head in sorted(heads)[:_MOST_HEADS]:
        count = sum(each for length, each in heads.items() if length >= head)
        if head and count >= _SHARE * total and (found := _behind(head, lines)):
            return found
    return None


def _behind(head: int, lines: list[str]) -> Wrapping | None:
    """Return how the lines were broken behind prefixes of one length; None where they were not."""
    bodies = [line[head:] for line in lines]
    longest = max(map(len, bodies))
    if longest not in _WIDTHS:
        return None
    full = sum(
        _is_full(body, longest, following) and shape_of(line[:head]) == shape_of(below[:head])
        for (line, below), (body, following) in zip(pairwise(lines), pairwise(bodies), strict=True)
    )
    return Wrapping(longest, False, head) if full >= (1 if longest == _USUAL else 3) else None


def _head_of(line: str) -> int:
    """How many characters stand before what a line says, with one space behind them."""
    depth, body = split_prefix(line)
    return len(line) - len(body) - depth + (1 if depth else 0)


def _at(width: int, lines: list[str]) -> Wrapping | None:
    """Return how lines were broken at a width; None where too few of them look so."""
    full = {line for line, following in pairwise(lines) if _is_full(line, width, following)}
    behind_words = sum(
        line.endswith(" ") and _is_broken(line, following, width)
        for line, following in pairwise(lines)
    )
    within_words = sum(not line.endswith(" ") for line in full)
    few = 1 if width == _USUAL else 2 if width in _WIDTHS else 3
    if behind_words >= max(few, within_words):
        return Wrapping(width, True)
    wanted = 1 if width == _USUAL else 3 if width in _WIDTHS else 8
    return Wrapping(width, False) if len(full) >= wanted else None


def _is_full(line: str, width: int, following: str) -> bool:
    return len(line) == width and len(set(line)) > 6 and bool(following.strip())


def _is_broken(line: str, following: str, width: int) -> bool:
    word = following.split(" ", 1)[0]
    return bool(word) and len(line) <= width < len(line) + len(word)


class Joiner:
    """Joins broken lines, block by block, and remembers on which line each began.

    numbers: for each joined line, the number in the file of its first piece.
    """

    def __init__(self, wrapping: Wrapping) -> None:
        self.numbers: list[int] = []
        self._wrapping = wrapping
        self._read = 0

    def join(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the blocks with whole lines; each block given ends at a line's end."""
        for block in blocks:
            lines = block.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
            if not lines[-1]:
                lines.pop()
            joined: list[str] = []
            pieces = 0
            for index, line in enumerate(lines):
                self._read += 1
                if pieces and self._continues(lines, index - 1) and pieces < _MOST_PIECES:
                    gap = " " if self._wrapping.dropped else ""
                    joined[-1] += gap + line[self._wrapping.head :]
                    pieces += 1
                else:
                    joined.append(line)
                    self.numbers.append(self._read)
                    pieces = 1
            yield "\n".join(joined).encode() + b"\n"

    def _continues(self, lines: list[str], index: int) -> bool:
        line, following, width = lines[index], lines[index + 1], self._wrapping.width
        if head := self._wrapping.head:
            same = shape_of(line[:head]) == shape_of(following[:head])
            return same and _is_full(line[head:], width, following[head:])
        if self._wrapping.dropped:
            return _has_no_place(line, following, width)
        if self._wrapping.at_spaces and line.endswith(" "):
            return _is_broken(line, following, width)
        return _is_full(line, width, following) and not _DATED.match(following)
