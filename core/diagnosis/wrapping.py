"""Join the lines of a log that a terminal, a mail program or ``fold`` broke at a fixed width.

A broken log has no line longer than the width, and lines that fill it. The joined line stands where
its first piece stands; evidence shows that piece.
"""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How a log was broken: at which width, and whether only at spaces.

    head: how long what a platform puts before each piece is; 0 for none.
    """

    width: int
    at_spaces: bool
    head: int = 0

    def first_piece(self, text: str) -> str:
        """Return the part of a joined line that stands on its first line of the file."""
        if self.head:
            return text[: self.head + self.width]
        if len(text) <= self.width:
            return text
        if not self.at_spaces:
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
    for width in (longest, *(width for width in _WIDTHS if longest < width <= longest + 4)):
        wrapping = _at(width, lines)
        if wrapping is not None:
            return wrapping
    return None


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
                    joined[-1] += line[self._wrapping.head :]
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
        if self._wrapping.at_spaces and line.endswith(" "):
            return _is_broken(line, following, width)
        return _is_full(line, width, following)
