"""Says the same to the terminal in fewer bytes: a slow line is what a person waits for.

Textual repaints whole regions, each piece of text with its whole style. Here it is remembered
what the terminal shows, so that only what differs is written: a region painted again costs
nothing, a move of the cursor costs its two rows.
"""

from __future__ import annotations

import os
import re
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
_COLOURS_OF = {"38": 0, "48": 1}
_ENDS = {"22": {"1", "2"}, "23": {"3"}, "24": {"4", "21"}, "25": {"5", "6"}}
_ENDS |= {"27": {"7"}, "28": {"8"}, "29": {"9"}}
_END_OF = {attribute: end for end, attributes in _ENDS.items() for attribute in attributes}
# What is seen of an attribute where there is no character: lines, colours the other way round.
_SEEN_ON_BLANKS = frozenset({"4", "5", "6", "7", "9", "21", "53"})
# So many unchanged cells are cheaper to write again than to step over.
_WORTH_A_MOVE = 7
_CLEAR_THE_REST = "\x1b[K"


class _Pen(NamedTuple):
    """What text is written with; empty strings are the terminal's own colours."""

    attributes: frozenset[str]
    foreground: str
    background: str


_PLAIN = _Pen(frozenset(), "", "")


class _Row(NamedTuple):
    """What one row shows, cell by cell.

    cells: a character with its combining marks; empty for the second half of a wide one; None
        where it is not known.
    """

    cells: list[str | None]
    pens: list[_Pen]


class Thrift:
    """Between a program and its terminal; remembers what the terminal shows.

    columns: how wide it is, if it clears the rest of a row in the colour of the pen; else 0.
    """

    def __init__(self) -> None:
        self.columns = 0
        self._rows: dict[int, _Row] = {}
        self._written: list[str] = []
        # Where the terminal's cursor is and where it should be, from 0; None: not known.
        self._is_at: tuple[int, int] | None = None
        self._row, self._column = 0, 0
        self._has_pen, self._pen = _PLAIN, _PLAIN

    def forget(self) -> None:
        """The terminal may show anything now, after a change of its size for example."""
        self._rows.clear()
        self._is_at = None

    def shorten(self, data: str) -> str:
        """What to write instead of this, to the same effect."""
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
        if self._written or self._is_at != (self._row, self._column):
            self._move_to(self._row, self._column)
            self._take(_PLAIN)
        written, self._written = "".join(self._written), []
        return written

    def _pass_on(self, text: str, parameters: str | None, final: str | None) -> None:
        """Something other than text, pens and places: as it is, in its turn."""
        self._move_to(self._row, self._column)
        self._take(self._pen)
        self._written.append(text)
        is_string = text.startswith(("\x1b]", "\x1bP"))
        if is_string and not text.startswith("\x1b]8;"):
            return
        if final not in _HARMLESS or _ALTERNATE_SCREEN.match(parameters or ""):
            self.forget()

    def _place(self, text: str) -> None:
        cells = list(text) if text.isascii() else _cells(text)
        start, end = self._column, self._column + len(cells)
        self._column = end
        row = self._rows.setdefault(self._row, _Row([], []))
        if len(row.cells) < end:
            row.pens.extend([_PLAIN] * (end - len(row.cells)))
            row.cells.extend([None] * (end - len(row.cells)))
        shown, pens, pen = row.cells[start:end], row.pens[start:end], self._pen
        if shown == cells and pens.count(pen) == len(cells):
            return
        changed = [
            number
            for number, cell in enumerate(cells)
            if shown[number] != cell
            or (pens[number] != pen and (cell != " " or _blank(pens[number]) != _blank(pen)))
        ]
        for first, last in _runs(changed):
            self._write(cells, start, first, last)
        self._halve_wide_ones(row, start, end, shown)
        row.cells[start:end] = cells
        row.pens[start:end] = [pen] * len(cells)

    def _write(self, cells: list[str], start: int, first: int, last: int) -> None:
        """Write the cells from first to last; a wide character is written whole."""
        while first > 0 and not cells[first]:
            first -= 1
        while last + 1 < len(cells) and not cells[last + 1]:
            last += 1
        self._move_to(self._row, start + first)
        text = "".join(cells[first : last + 1])
        blanks = len(text) - len(text.rstrip(" "))
        # Spaces look the same in whatever colour they are written.
        if blanks < len(text) or _blank(self._has_pen) != _blank(self._pen):
            self._take(self._pen)
        if blanks > len(_CLEAR_THE_REST) and self._is_blank_from(start + last + 1):
            text = text[:-blanks] + _CLEAR_THE_REST
            last -= blanks
        self._written.append(text)
        self._is_at = (self._row, start + last + 1)

    def _is_blank_from(self, column: int) -> bool:
        """Whether the rest of the row is as blank as this pen leaves it."""
        row, look = self._rows[self._row], _blank(self._pen)
        return (
            len(row.cells) == self.columns
            and not look.attributes
            and all(cell == " " for cell in row.cells[column:])
            and all(_blank(pen) == look for pen in row.pens[column:])
        )

    def _halve_wide_ones(self, row: _Row, start: int, end: int, shown: list[str | None]) -> None:
        """A wide character that loses a half: what its other half shows is not known."""
        if start > 0 and shown[0] == "":
            row.cells[start - 1] = None
        if end < len(row.cells) and row.cells[end] == "":
            row.cells[end] = None

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


def thrifty_driver(base: type[Driver], thrift: Thrift) -> type[Driver]:
    """A driver that writes to the same effect as its base, in fewer bytes."""

    class ThriftyDriver(base):
        def write(self, data: str) -> None:
            thrift.columns = _columns()
            shorter = thrift.shorten(data)
            if shorter:
                super().write(shorter)

    return ThriftyDriver


def _columns() -> int:
    """See ``Thrift``. GNU screen clears in the terminal's own colour; tmux has its name, too."""
    if "STY" in os.environ:
        return 0
    if os.environ.get("TERM", "").startswith("screen") and "TMUX" not in os.environ:
        return 0
    try:
        return os.get_terminal_size(2).columns
    except OSError:
        return 0


def _cells(text: str) -> list[str]:
    """The cells that a text fills: an empty one behind each wide character."""
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


def _runs(changed: list[int]) -> list[tuple[int, int]]:
    """Numbers as runs, first and last; what lies closely together is one."""
    runs: list[tuple[int, int]] = []
    for number in changed:
        if runs and number - runs[-1][1] <= _WORTH_A_MOVE:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


@lru_cache(maxsize=4096)
def _after(before: _Pen, parameters: str) -> _Pen:
    """The pen after an SGR sequence (ECMA-48, 8.3.117)."""
    attributes, colours = set(before.attributes), [before.foreground, before.background]
    codes = iter(parameters.split(";"))
    for code in codes:
        if code in ("", "0"):
            attributes, colours = set[str](), ["", ""]
        elif code in _COLOURS_OF:
            kind = next(codes, "")
            rest = [next(codes, "") for _ in range(3 if kind == "2" else 1)]
            colours[_COLOURS_OF[code]] = ";".join([code, kind, *rest])
        elif len(code) > 1 and code[:-1] in ("3", "9"):
            colours[0] = "" if code == "39" else code
        elif len(code) > 1 and code[:-1] in ("4", "10"):
            colours[1] = "" if code == "49" else code
        elif code in _ENDS:
            attributes -= _ENDS[code]
        else:
            attributes.add(code)
    return _Pen(frozenset(attributes), *colours)


@lru_cache(maxsize=4096)
def _blank(pen: _Pen) -> _Pen:
    """What of a pen is seen where it has written nothing."""
    if pen.attributes & _SEEN_ON_BLANKS:
        return pen
    return _Pen(frozenset(), "", pen.background)


@lru_cache(maxsize=4096)
def _change(have: _Pen, want: _Pen) -> str:
    """The shortest way from one pen to the other."""
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
