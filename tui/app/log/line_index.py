"""An index of the lines of a log, small whatever its size, built as the log grows.

Per block of 16 kB it holds how many rows begin before it and whether it has bytes that are not
shown as they are: 9 bytes, 55 kB for a log of 100 MB. A row is found by bisection and by counting
inside one block.

A row is a line, or a part of one: a line that fills a whole block is broken where that block
begins, so no row is longer than two blocks and the view needs no more than that. Lines
shorter than a block are never broken. Lines end with a line feed, nothing else: not with a form
feed, not with U+2028.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable

from ....core.frozen import frozen

BLOCK = 16 * 1024
"""Bytes per entry of the index."""

CHUNK = 16 * BLOCK
"""Bytes read at once; small enough that no other thread waits long for its turn."""

_KEPT_BLOCKS = 64
# What is shown as it is, and line ends.
_USUAL = bytes(range(0x20, 0x7F)) + b"\r\n"
_NEWLINE = re.compile(b"\n")


@frozen
class Extent:
    """How much of a log the index covers: bytes, and the rows that begin in them."""

    size: int = 0
    rows: int = 0


class LineIndex:
    """Where rows begin.

    One thread calls `extend`; any thread may ask, and gets answers for what `extent` covers.

    read: gives up to so many bytes from an offset, as LogFile.read does.
    """

    def __init__(self, read: Callable[[int, int], bytes]) -> None:
        self.read = read
        self.extent = Extent()
        # Rows, the first one not counted, that begin before each block.
        self._before = array("Q", [0])
        # Rows that begin inside a line.
        self._broken = array("Q")
        self._filled = 0
        self._found = 0
        self._after_newline = True
        self._blocks: dict[int, array[int]] = {}
        # Whether each block has bytes that are not shown as they are.
        self._unusual = bytearray(1)

    def extend(self, size: int) -> bool:
        """Take in the next chunk of a log that has so many bytes; False: there is none."""
        done = self.extent.size
        data = self.read(done, min(CHUNK, size - done)) if size > done else b""
        if not data:
            return False
        at = 0
        is_usual = _is_usual(data)
        while at < len(data):
            part = min(BLOCK - self._filled, len(data) - at)
            if not (is_usual or self._unusual[-1] or _is_usual(data[at : at + part])):
                self._unusual[-1] = 1
            self._found += data.count(b"\n", at, at + part)
            self._filled += part
            at += part
            if self._filled == BLOCK:
                self._close_block(data[at - 1] == 0x0A)
        rows = self._before[-1] + self._found + (data[-1] != 0x0A)
        self.extent = Extent(done + len(data), rows)
        return True

    def start(self, row: int) -> int:
        """Return the offset of a row's first byte; of the end for the row after the last."""
        extent = self.extent
        if row <= 0:
            return 0
        if row >= extent.rows:
            return extent.size
        block = bisect_left(self._before, row) - 1
        starts = self._starts(block)
        nth = row - self._before[block] - 1
        # A file that was cut short meanwhile has fewer rows than it had.
        return block * BLOCK + starts[nth] if nth < len(starts) else extent.size

    def data(self, row: int) -> bytes:
        """Return the bytes of a row without its line end."""
        start = self.start(row)
        return without_line_end(self.read(start, self.start(row + 1) - start))

    def row_at(self, offset: int) -> int:
        """Return the row that has the byte at an offset."""
        block = min(offset, max(self.extent.size - 1, 0)) // BLOCK
        inside = offset - block * BLOCK
        if self._broken or block in self._blocks:
            row = self._before[block] + bisect_right(self._starts(block), inside)
        else:  # a scan asks for one row in each of very many blocks: counting is quicker
            row = self._before[block] + self.read(block * BLOCK, inside).count(b"\n")
        return min(row, max(self.extent.rows - 1, 0))

    def line(self, row: int) -> int:
        """Return the number, from 1, of the line that a row belongs to."""
        return row + 1 - bisect_right(self._broken, row)

    def row_of_line(self, line: int) -> int:
        """Return the first row of a line, numbers from 1; the nearest row where there is no such
        line."""
        rows = self.extent.rows
        row = bisect_left(range(rows), line, key=self.line) if self._broken else line - 1
        return max(0, min(row, rows - 1))

    def continues(self, row: int) -> bool:
        """Return whether a row goes on with the line of the row before it."""
        at = bisect_left(self._broken, row)
        return at < len(self._broken) and self._broken[at] == row

    def is_usual(self, start: int, end: int) -> bool:
        """Return whether all bytes from start on, but before end, are shown as they are; False:
        maybe.

        They are ASCII without controls. A line may end with CR LF, of which nothing is shown.
        """
        return 1 not in self._unusual[start // BLOCK : -(-end // BLOCK)]

    def breaks(self, start: int, end: int) -> list[int]:
        """Return the offsets from start, but before end, at which a row begins inside a line."""
        if not self._broken or end <= start:
            return []
        first, last = self.row_at(start), self.row_at(end - 1)
        low, high = bisect_left(self._broken, first), bisect_right(self._broken, last)
        return [self.start(self._broken[nth]) for nth in range(low, high)]

    def _close_block(self, ends_with_newline: bool) -> None:
        if not self._found and not self._after_newline:
            self._found = 1
            self._broken.append(self._before[-1] + 1)
        self._before.append(self._before[-1] + self._found)
        self._after_newline = ends_with_newline
        self._unusual.append(0)
        self._found = self._filled = 0

    def _starts(self, block: int) -> array[int]:
        """Return the offsets, within a block, at which rows begin; its end belongs to it."""
        kept = self._blocks.get(block)
        if kept is not None:
            return kept
        data = self.read(block * BLOCK, BLOCK)
        starts = array("H", [found.end() for found in _NEWLINE.finditer(data)])
        closed = block + 1 < len(self._before)
        if closed and not starts and self._before[block + 1] > self._before[block]:
            starts.append(_first_character(data))
        if closed:
            self._blocks[block] = starts
            if len(self._blocks) > _KEPT_BLOCKS:
                # Another thread may have been quicker.
                self._blocks.pop(next(iter(self._blocks), block), None)
        return starts


def without_line_end(data: bytes) -> bytes:
    """Return a line without its LF or CR LF."""
    return data[:-1].removesuffix(b"\r") if data.endswith(b"\n") else data


def _is_usual(data: bytes) -> bool:
    if data.translate(None, _USUAL):
        return False
    return b"\r" not in data or data.count(b"\r") == data.count(b"\r\n")


def _first_character(data: bytes) -> int:
    """Return where the first character that begins in here begins, in UTF-8."""
    at = 0
    while at < min(3, len(data)) and 0x80 <= data[at] < 0xC0:
        at += 1
    return at
