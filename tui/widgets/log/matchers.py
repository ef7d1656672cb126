"""Which lines of a log matter: those that hold a text, those that are errors or warnings.

Many lines are looked at together, for 100 MB must take as long as reading them and not a minute:
nothing here is done for each line unless it may well matter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress, count, repeat
from operator import contains
from typing import Protocol

from ....core.safe_text import decode
from .levels import WORDS, Level, level_of
from .log_lines import CHUNK, without_line_end
from .needle import Needle

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
        """The level of a part of a line; None: it does not matter.

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
        """The text that is shown, with no other case than the needle's where that is ignored."""
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
        candidates = sorted({row for word in WORDS for row in rows_with(word, lower)})
        if not candidates:
            return (), b""
        lines = lower.split(b"\n")
        levels = bytes([level_of(lines[row].removesuffix(b"\r")) for row in candidates])
        return list(compress(candidates, levels)), levels.replace(bytes([Level.PLAIN]), b"")

    def row(self, data: bytes, goes_on: bytes, continues: bool) -> int | None:
        level = Level.PLAIN if continues else level_of(without_line_end(data))
        return None if level is Level.PLAIN else level


def rows_with(text: bytes, data: bytes) -> list[int]:
    """Of the lines of some data those that hold a text, counted from 0 and ascending."""
    if text not in data:
        return []
    parts = data.split(text, _FEW)
    if len(parts) <= _FEW:
        # Few: the line ends between them are counted.
        ends = accumulate(map(bytes.count, parts[:-1], repeat(b"\n")))
        return list(dict.fromkeys(ends))
    lines = data.split(b"\n")
    return list(compress(count(), map(contains, lines, repeat(text))))
