"""Say the same to the terminal in fewer bytes: a slow line is what a person waits for.

Textual repaints whole regions, each piece of text with its whole style. Here it is remembered
what the terminal shows, so that only what differs is written: a region painted again costs
nothing, a move of the cursor costs its two rows, a log that goes on by a line costs that line.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import get_character_cell_size

if TYPE_CHECKING:
    from textual.driver import Driver

# ECMA-48: control sequences (ESC [), strings (ESC ] and their like), other escapes, controls, text.
_TOKEN = re.compile(
    r"\x1b\[([0-9;:?<=>]*)([ -/]*[@-~])"
    r"|\x1b[\]PX^_].*?(?:\x07|\x1b\\)"
    r"|\x1b[ -/]*[0-~]"
    r"|[\x00-\x1f\x7f]"
    r"|[^\x00-\x1f\x7f]+",
    re.DOTALL,
)
# What changes nothing of what is shown: modes, reports, the keyboard's, the window's.
_HARMLESS = ("h", "l", "n", "c", "t", "u", "q", "$p")
_ALTERNATE_SCREEN = re.compile(r"\?(?:10)?4[79]")
_COLORS_OF = {"38": 0, "48": 1}
_ENDS = {"22": {"1", "2"}, "23": {"3"}, "24": {"4", "21"}, "25": {"5", "6"}}
_ENDS |= {"27": {"7"}, "28": {"8"}, "29": {"9"}}
_END_OF = {attribute: end for end, attributes in _ENDS.items() for attribute in attributes}
# What is seen of an attribute where there is no character: lines, colors the other way round.
_SEEN_ON_BLANKS = frozenset({"4", "5", "6", "7", "9", "21", "53"})
# So many unchanged cells are cheaper to write again than to step over.
_WORTH_A_MOVE = 7
_CLEAR_THE_REST = "\x1b[K"
# So many rows have to be seen elsewhere before it is asked whether scrolling is cheaper.
_WORTH_A_SCROLL = 3


class _Pen(NamedTuple):
    """What text is written with; empty strings are the terminal's own colors."""

    attributes: frozenset[str]
    foreground: str
    background: str


_PLAIN = _Pen(frozenset(), "", "")


class _Row(NamedTuple):
    """One row, cell by cell.

    cells: a character with its combining marks; empty for the second half of a wide one; None
        where it is not known.
    """

    cells: list[str | None]
    pens: list[_Pen]

    def differs(self, other: _Row) -> list[int]:
        """Return the cells that are known and look otherwise in the other one, which is as long."""
        if self == other:
            return []
        pairs = zip(self.cells, self.pens, other.cells, other.pens, strict=True)
        return [
            number
            for number, (cell, pen, shown, had) in enumerate(pairs)
            if cell is not None
            and (cell != shown or (pen != had and (cell != " " or _blank(pen) != _blank(had))))
        ]


class OutputMinimizer:
    """Between a program and its terminal; remembers what the terminal shows.

    columns: how wide it is; 0: not known.
    clears_in_color: whether it clears the rest of a row in the background of the pen.
    """

    def __init__(self) -> None:
        self.columns = 0
        self.clears_in_color = False
        # What is to be seen, what is seen, and the rows that may differ.
        self._wanted: dict[int, _Row] = {}
        self._shown: dict[int, _Row] = {}
        self._dirty: set[int] = set()
        self._written: list[str] = []
        # Where the terminal's cursor is and where it should be, from 0; None: not known.
        # At first it is where the shell has left it, to be found there again at the end.
        self._is_at: tuple[int, int] | None = (0, 0)
        self._row, self._column = 0, 0
        self._has_pen, self._pen = _PLAIN, _PLAIN

    def forget(self) -> None:
        """The terminal may show anything now, after a change of its size for example."""
        self._wanted.clear()
        self._shown.clear()
        self._is_at = None

    def shorten(self, data: str) -> str:
        """Return what to write instead of this, to the same effect."""
        if not data:
            return ""
        for token in _TOKEN.finditer(data):
            text, (parameters, final) = token.group(), token.groups()
            if final == "m":
                self._pen = _after(self._pen, parameters)
            elif final == "H":
                row, _, column = parameters.partition(";")
                self._row, self._column = int(row or 1) - 1, int(column or 1) - 1
            elif text == "\r":
                self._column = 0
            elif text == "\n":
                self._row += 1
            elif text[0] >= " ":
                self._place(text)
            else:
                self._pass_on(text, parameters, final)
        self._show()
        if self._written or self._is_at != (self._row, self._column):
            self._move_to(self._row, self._column)
            self._take(_PLAIN)
        written, self._written = "".join(self._written), []
        return written

    def _pass_on(self, text: str, parameters: str | None, final: str | None) -> None:
        """Something other than text, pens and places: as it is, in its turn."""
        self._show()
        self._move_to(self._row, self._column)
        self._take(self._pen)
        self._written.append(text)
        is_string = text.startswith(("\x1b]", "\x1bP"))
        if is_string and not text.startswith("\x1b]8;"):
            return
        if final not in _HARMLESS or _ALTERNATE_SCREEN.match(parameters or ""):
            self.forget()
            if final == "l":
                # The terminal has put its cursor back to where it was before the program: the
                # shell's prompt belongs there.
                self._is_at = (self._row, self._column)

    def _place(self, text: str) -> None:
        cells = list(text) if text.isascii() else _cells(text)
        start, end = self._column, self._column + len(cells)
        self._column = end
        for rows in (self._wanted, self._shown):
            row = rows.setdefault(self._row, _Row([], []))
            missing = end - len(row.cells)
            row.cells.extend([None] * missing)
            row.pens.extend([_PLAIN] * missing)
        row = self._wanted[self._row]
        # A wide character that loses a half: what its other half shows is not known.
        halves = [at for at in (start, end) if 0 < at < len(row.cells) and row.cells[at] == ""]
        if halves:
            self._show()
        for at in halves:
            row.cells[at - 1 if at == start else at] = None
        row.cells[start:end] = cells
        row.pens[start:end] = [self._pen] * len(cells)
        self._dirty.add(self._row)

    def _show(self) -> None:
        """Have the terminal show what is wanted."""
        self._scroll()
        for number in sorted(self._dirty):
            wanted, shown = self._wanted[number], self._shown[number]
            for first, last in _runs(wanted.differs(shown), wanted):
                if self._write(number, first, last):
                    break
            shown.cells[:], shown.pens[:] = wanted.cells, wanted.pens
        self._dirty.clear()

    def _scroll(self) -> None:
        """Move what is shown already to where it is wanted, as when a log goes on by a line."""
        by, top, bottom = self._shift()
        if not by:
            return
        region = range(top, bottom + 1)
        moved = {
            number: self._shown[number + by]
            if number + by in region
            else _Row([None] * self.columns, [_PLAIN] * self.columns)
            for number in region
        }
        if self._cost(moved) >= self._cost({number: self._shown[number] for number in region}):
            return
        self._take(_PLAIN)
        self._written.append(f"\x1b[{top + 1};{bottom + 1}r")
        self._is_at = None
        self._move_to(bottom if by > 0 else top, 0)
        self._written.append(("\x1bD" if by > 0 else "\x1bM") * abs(by) + "\x1b[r")
        self._is_at = None
        self._shown.update(moved)
        self._dirty.update(region)

    def _shift(self) -> tuple[int, int, int]:
        """Return how far most rows have moved up, and between which rows; 0 where they have not.

        All that is to be seen between these rows is known: it can be painted again.
        """
        if len(self._dirty) < _WORTH_A_SCROLL:
            return 0, 0, 0
        places: dict[tuple[str | None, ...], list[int]] = {}
        known = {
            number: tuple(self._wanted[number].cells)
            for number in self._wanted
            if len(self._wanted[number].cells) == self.columns > 0
        }
        for number in known:
            places.setdefault(tuple(self._shown[number].cells), []).append(number)
        moved = [
            (place - number, number, place)
            for number in self._dirty & known.keys()
            for place in places.get(known[number], ())
            if len(places[known[number]]) == 1
        ]
        [(by, rows)] = Counter(by for by, _, _ in moved).most_common(1) or [(0, 0)]
        if not by or rows < _WORTH_A_SCROLL:
            return 0, 0, 0
        both = [row for way, *ends in moved if way == by for row in ends]
        top, bottom = min(both), max(both)
        whole = all(None not in known.get(row, (None,)) for row in range(top, bottom + 1))
        return (by, top, bottom) if whole else (0, 0, 0)

    def _cost(self, rows: dict[int, _Row]) -> int:
        """About how many bytes are to be written if these rows are shown."""
        wanted = self._wanted
        return sum(
            last - first + _WORTH_A_MOVE
            for number, row in rows.items()
            for first, last in _runs(wanted[number].differs(row), wanted[number])
        )

    def _write(self, number: int, first: int, last: int) -> bool:
        """Write some cells of a row with one pen; a wide character is written whole.

        Returns whether the rest of the row is as it is wanted, too.
        """
        cells, pens = self._wanted[number]
        while first > 0 and not cells[first]:
            first -= 1
        while last + 1 < len(cells) and cells[last + 1] == "":
            last += 1
        self._move_to(number, first)
        pen = pens[first]
        text = "".join(cell or "" for cell in cells[first : last + 1])
        blanks = len(text) - len(text.rstrip(" "))
        # Spaces look the same in whatever color they are written.
        if blanks < len(text) or _blank(self._has_pen) != _blank(pen):
            self._take(pen)
        clears = blanks > len(_CLEAR_THE_REST) and self._is_blank_from(
            number, last + 1, _blank(pen)
        )
        if clears:
            text = text[:-blanks] + _CLEAR_THE_REST
            last -= blanks
        self._written.append(text)
        self._is_at = (number, last + 1)
        return clears

    def _is_blank_from(self, number: int, column: int, look: _Pen) -> bool:
        """Return whether the rest of a row is as blank as a pen of that look leaves it."""
        cells, pens = self._wanted[number]
        return (
            self.clears_in_color
            and len(cells) == self.columns
            and not look.attributes
            and all(cell == " " for cell in cells[column:])
            and all(_blank(pen) == look for pen in pens[column:])
        )

    def _move_to(self, row: int, column: int) -> None:
        if self._is_at == (row, column):
            return
        if self._is_at is not None and self._is_at[0] == row and self._is_at[1] < column:
            self._written.append(f"\x1b[{column - self._is_at[1]}C")
        else:
            self._written.append(f"\x1b[{row + 1};{column + 1}H" if row or column else "\x1b[H")
        self._is_at = (row, column)

    def _take(self, pen: _Pen) -> None:
        if self._has_pen != pen:
            self._written.append(_change(self._has_pen, pen))
            self._has_pen = pen


def minimizing_driver(base: type[Driver], minimizer: OutputMinimizer) -> type[Driver]:
    """Return a driver that writes to the same effect as its base, in fewer bytes."""

    class MinimizingDriver(base):
        def write(self, data: str) -> None:
            minimizer.columns = _columns()
            minimizer.clears_in_color = _clears_in_color()
            shorter = minimizer.shorten(data)
            if shorter:
                super().write(shorter)

    return MinimizingDriver


def _columns() -> int:
    """See ``OutputMinimizer``."""
    try:
        return os.get_terminal_size(2).columns
    except OSError:
        return 0


def _clears_in_color() -> bool:
    """See ``OutputMinimizer``. GNU screen clears in the terminal's own color; tmux has its name."""
    return "STY" not in os.environ and (
        "TMUX" in os.environ or not os.environ.get("TERM", "").startswith("screen")
    )


def _cells(text: str) -> list[str]:
    """Return the cells that a text fills: an empty one behind each wide character."""
    cells: list[str] = []
    for character in text:
        width = get_character_cell_size(character)
        if width == 0 and cells:
            place = len(cells) - 1 if cells[-1] else len(cells) - 2
            cells[place] += character
        else:
            cells.append(character)
            cells.extend([""] * (width - 1))
    return cells


def _runs(changed: list[int], row: _Row) -> list[tuple[int, int]]:
    """Cells of a row as runs of one pen, first and last; what lies closely together is one."""
    runs: list[tuple[int, int]] = []
    for number in changed:
        if runs and number - runs[-1][1] <= _WORTH_A_MOVE:
            first, last = runs[-1]
            between = slice(last, number + 1)
            if None not in row.cells[between] and {*row.pens[between]} == {row.pens[first]}:
                runs[-1] = (first, number)
                continue
        runs.append((number, number))
    return runs


@lru_cache(maxsize=4096)
def _after(before: _Pen, parameters: str) -> _Pen:
    """Return the pen after an SGR sequence (ECMA-48, 8.3.117)."""
    attributes, colors = set(before.attributes), [before.foreground, before.background]
    codes = iter(parameters.split(";"))
    for code in codes:
        if code in ("", "0"):
            attributes, colors = set[str](), ["", ""]
        elif code in _COLORS_OF:
            kind = next(codes, "")
            rest = [next(codes, "") for _ in range(3 if kind == "2" else 1)]
            colors[_COLORS_OF[code]] = ";".join([code, kind, *rest])
        elif len(code) > 1 and code[:-1] in ("3", "9"):
            colors[0] = "" if code == "39" else code
        elif len(code) > 1 and code[:-1] in ("4", "10"):
            colors[1] = "" if code == "49" else code
        elif code in _ENDS:
            attributes -= _ENDS[code]
        else:
            attributes.add(code)
    return _Pen(frozenset(attributes), *colors)


@lru_cache(maxsize=4096)
def _blank(pen: _Pen) -> _Pen:
    """Return what of a pen is seen where it has written nothing."""
    if pen.attributes & _SEEN_ON_BLANKS:
        return pen
    return _Pen(frozenset(), "", pen.background)


@lru_cache(maxsize=4096)
def _change(have: _Pen, want: _Pen) -> str:
    """Return the shortest way from one pen to the other."""
    if want == _PLAIN:
        return "\x1b[m"
    anew = ["0", *sorted(want.attributes), want.foreground, want.background]
    ended = {_END_OF.get(each, "0") for each in have.attributes - want.attributes}
    kept = have.attributes.difference(*(_ENDS.get(end, ()) for end in ended))
    parts = [*sorted(ended), *sorted(want.attributes - kept)]
    if have.foreground != want.foreground:
        parts.append(want.foreground or "39")
    if have.background != want.background:
        parts.append(want.background or "49")
    ways = [";".join(filter(None, anew))] + ([] if "0" in ended else [";".join(parts)])
    return f"\x1b[{min(ways, key=len)}m"
