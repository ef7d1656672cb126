"""Which lines of a log matter: those that hold a text, those that are errors or warnings.

Many lines are looked at together, for 100 MB must take as long as reading them and not a minute:
nothing here is done for each line unless it may well matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress, count, islice, repeat
from operator import add
from typing import Protocol

from ....core.safe_text import decode
from .levels import WORDS, Level, level_of
from .line_index import CHUNK, without_line_end
from .search_text import Needle

_FEW = 256


class Matcher(Protocol):
    """Finds the rows that matter."""

    @property
    def bite(self) -> int:
        """How many bytes it looks at in a few milliseconds, which is how long others wait."""
        ...

    @property
    def reach(self) -> int:
        """How many bytes after a row that is broken off it needs to see."""
        ...

    def rows(self, data: bytes, usual: bool) -> tuple[Sequence[int], bytes]:
        """Of whole lines those that matter, counted from 0 and ascending, and their levels.

        usual: every byte of them is shown as it is; see LineIndex.is_usual.
        """
        ...

    def row(self, data: bytes, goes_on: bytes, continues: bool) -> int | None:
        """Return the level of a part of a line; None: it does not matter.

        goes_on: what follows in the same line. continues: it is not the line's first part.
        """
        ...


@dataclass(frozen=True)
class NeedleMatcher:
    """Rows that hold a text as they are shown.

    shown: makes lines fit to be shown; rows of usual bytes are not given to it.
    """

    needle: Needle
    shown: Callable[[str], str]
    bite: int = CHUNK

    @property
    def reach(self) -> int:
        return self.needle.size - 1

    def rows(self, data: bytes, usual: bool) -> tuple[Sequence[int], bytes]:
        rows = rows_with(self.needle.sought, self._prepared(data, usual))
        return rows, bytes(len(rows))

    def row(self, data: bytes, goes_on: bytes, continues: bool) -> int | None:
        if self.needle.sought in self._prepared(without_line_end(data), False):
            return Level.PLAIN
        if not goes_on or self.needle.sought not in self._prepared(data + goes_on, False):
            return None
        # It begins in this row, or it would have to lie in what is too short for it.
        return Level.PLAIN

    def _prepared(self, data: bytes, usual: bool) -> bytes:
        """Return the text that is shown, with no other case than the needle's where that is
        ignored."""
        if not usual:
            data = self.shown(decode(data)).encode()
        return self.needle.fold(data)


@dataclass(frozen=True)
class LevelMatcher:
    """Rows that are errors or warnings."""

    bite: int = CHUNK
    reach: int = 0

    def rows(self, data: bytes, usual: bool) -> tuple[Sequence[int], bytes]:
        lower = data.lower()
        starts = sorted({start for word in WORDS for start in _lines_with(word, lower)})
        levels = bytes([_level_at(start, lower) for start in starts])
        rows = _rows_at(list(compress(starts, levels)), lower)
        return rows, levels.replace(bytes([Level.PLAIN]), b"")

    def row(self, data: bytes, goes_on: bytes, continues: bool) -> int | None:
        level = Level.PLAIN if continues else level_of(without_line_end(data))
        return None if level is Level.PLAIN else level


def rows_with(text: bytes, data: bytes) -> list[int]:
    """Of the lines of some data those that hold a text, counted from 0 and ascending."""
    starts = list(islice(_lines_with(text, data), _FEW))
    if len(starts) < _FEW:
        return _rows_at(starts, data)
    # Many: each takes the rest of its line with it, so that a line counts once.
    parts = re.split(re.escape(text) + rb"[^\n]*\n?", data)
    return list(map(add, accumulate(map(bytes.count, parts[:-1], repeat(b"\n"))), count()))


def _lines_with(text: bytes, data: bytes) -> Iterator[int]:
    """Yield where the lines begin that hold a text."""
    at = data.find(text)
    while at >= 0:
        yield data.rfind(b"\n", 0, at) + 1
        after = data.find(b"\n", at)
        at = data.find(text, after) if after >= 0 else -1


def _rows_at(starts: list[int], data: bytes) -> list[int]:
    """Return which lines begin at these places, counted from 0."""
    return list(accumulate(map(data.count, repeat(b"\n"), [0, *starts], starts)))


def _level_at(start: int, data: bytes) -> Level:
    """Return what the line is that begins there."""
    end = data.find(b"\n", start)
    return level_of(data[start : end if end >= 0 else None].removesuffix(b"\r"))
