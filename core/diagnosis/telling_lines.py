"""Keeps the lines of a log that are worth a rule's attention.

A line that has one of some literals, or a phrase of ``languages``, is kept with its neighbours. To
search 100 MB for sixty literals takes seconds even with ``bytes.find``; so a block's lines are
first reduced to their shapes, without digits and the letters of hexadecimal numbers, and only one
line of each shape is searched: long logs say the same things of many files. What is kept is
bounded: the first thousands of lines, the last thousands, and the last thousands of pip's notes on
links. A log in which nearly every line has a literal is skimmed once it has used up its allowance;
its end is always read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Final

from .translations import telling_in

# Literals that mark a line as telling, with the number of lines after it that belong to it. The
# first letter is left off where it may be a capital.
TELLING: Final[tuple[tuple[bytes, int], ...]] = (
    (b"rror:", 12),
    (b"rror ", 3),
    (b"RROR", 12),
    (b"Error(", 2),
    (b"MemoryError", 2),
    (b"Error\n", 2),
    (b"Error\r", 2),
    (b"atal", 3),
    (b"annot ", 3),
    (b"an't ", 3),
    (b"o such ", 3),
    (b"o module named", 2),
    (b"ot found", 3),
    (b"ould not ", 3),
    (b"ailed", 6),
    (b"enied", 2),
    (b"illed", 2),
    (b"ncompatible", 2),
    (b" missing", 2),
    (b"requires", 1),
    (b"refused", 1),
    (b"imed out", 1),
    (b"hint", 3),
    (b"\xc3\x97 ", 24),
    (b"upported", 2),
    (b"emory", 1),
    (b"ancel", 2),
    (b"nterrupt", 2),
    (b"erminated", 1),
    (b"Errno ", 1),
    (b"nvalid", 3),
    (b"pysteward:", 1),
    (b"nable to", 3),
    (b".h: ", 1),
    (b".hpp: ", 1),
    (b".hxx: ", 1),
    (b"uccessfully", 1),
    (b"Retrying", 0),
    (b"onflict", 24),
    (b"xternally", 3),
    (b"ecause ", 6),
    (b"exit", 1),
    (b"not trusted", 1),
    (b" disabled", 1),
    (b"HASHES", 8),
    (b"ompleted ", 0),
    (b"requested", 1),
    (b"User for ", 1),
    (b"recompile with", 0),
    (b"can not be built", 3),
    (b"must be installed", 1),
    (b"could not be found", 1),
    (b" out of date", 1),
    (b"last generated", 1),
    (b"Traceback (most", 60),
    (b" no package called", 1),
    (b"TIMEOUT", 2),
    (b" in use", 2),
    (b"panicked", 3),
    (b" halted", 0),
    (b"undefined symbol", 1),
    (b"egmentation fault", 1),
    (b"RETICULATE_PYTHON", 2),
    (b"Quitting from", 4),
    (b"crashed", 1),
    (b"exceeded", 2),
    (b"Usage: ", 3),
    (b"usage: ", 5),
    (b"o space left", 1),
    (b"unrecognized", 1),
    (b"not allowed", 1),
    (b"mismatch", 2),
    (b"SIGKILL", 1),
    (b"topped ", 1),
    (b"deprecat", 0),
    (b'rror":', 2),
)

# Literals of lines that are only looked up: where a package came from, why a link was passed over.
_NOTED: Final[tuple[bytes, ...]] = (
    b"Skipping link",
    b"Link requires",
    b"Found link",
    b"Fetched page",
    b"Getting page",
    b"links from page",
    b"Collecting ",
    b"ownloading ",
    b"/unpacking ",
    b"Using cached",
    b"Processing ",
    b"uilding wheel",
    b"Running setup.py",
    b"Using pip ",
    b"Using Python",
    b"Looking in ",
    b"Installed ",
    b"build dependencies",
    b"already satisfied",
    b"Starting ",
    b"Running on ",
    b"Running with ",
    b"Booting worker",
    b"Listening ",
    b"Launching ",
    b"Server version",
    b"Deploying",
    b"Uvicorn running",
    b"Started server",
    b"processing file",
    b"Build successful",
    b"Content GUID",
    b"Resolved ",
    b"Creating environment",
    b"Rendering ",
    b"NbConvertApp",
    b"supervisord started",
)

_LITERALS: Final = (*TELLING, *((literal, -1) for literal in _NOTED))

_AFTER_FOREIGN: Final = 6  # lines after one with a phrase of ``languages``

# Lines that differ only in these have the same shape and are searched once.
_HEXADECIMAL: Final = b"0123456789abcdef"
_SHORT: Final = 12  # lines shorter than this on average are not worth reducing to shapes

_BEFORE: Final = 5
_FIRST_LINES: Final = 8000
_LAST_LINES: Final = 6000
_NOTED_LINES: Final = 10000
_OFTEN_LINES: Final = 500  # of those that say the same as many before them
_SAME_SHAPE: Final = 60
_MOST_SHAPES: Final = 50_000
_ALLOWANCE: Final = 300_000
_CHEAP: Final = 8  # so many lines that say the same as others take as long as one that does not
_END_LINES: Final = 40
_TAIL: Final = 4 << 20  # bytes of a skimmed log that are searched all the same

# A line is cut in its middle beyond this; the lists of versions may be longer, for a while.
LONGEST: Final = 1600
_LONGEST_LIST: Final = 1 << 18
_LISTS: Final = 8 << 20
_LIST_MARKS: Final = (b"from versions:", b"Requires-Python", b"following versions")


class Sieve:
    """Takes blocks of whole lines, keeps what tells."""

    def __init__(self) -> None:
        self._number = 1
        self._first: dict[int, bytes] = {}
        self._last: deque[tuple[int, bytes]] = deque(maxlen=_LAST_LINES)
        self._often: deque[tuple[int, bytes]] = deque(maxlen=_OFTEN_LINES)
        self._noted: deque[tuple[int, bytes]] = deque(maxlen=_NOTED_LINES)
        self._end: deque[tuple[int, bytes]] = deque(maxlen=_END_LINES)
        self._recent: list[tuple[int, bytes]] = []
        self._owed = 0
        self._times: dict[int, int] = {}
        self._allowance = _ALLOWANCE
        self._lists = _LISTS
        self._skimmed: deque[tuple[int, bytes]] = deque()
        self._skimmed_bytes = 0

    def take(self, block: bytes) -> None:
        """Search one block of whole lines."""
        if self._allowance > 0:
            self._search(block)
            return
        self._skimmed.append((self._number, block))
        self._skimmed_bytes += len(block)
        while self._skimmed_bytes - len(self._skimmed[0][1]) > _TAIL:
            self._skimmed_bytes -= len(self._skimmed.popleft()[1])
        self._number += block.count(b"\n")

    def finish(self) -> tuple[list[tuple[int, bytes]], int]:
        """What was kept, in order, and the number of lines read."""
        skimmed, self._skimmed = self._skimmed, deque()
        if skimmed:
            self._times.clear()
            self._owed, self._recent = 0, []
            for number, block in skimmed:
                self._number = number
                self._search(block)
        kept = dict(self._noted)
        kept.update(self._often)
        kept.update(self._last)
        kept.update(self._first)
        kept.update(self._end)
        return sorted(kept.items()), self._number - 1

    def _search(self, block: bytes) -> None:
        if block.isspace():
            count = block.count(b"\n")
            self._owed, self._recent = max(0, self._owed - count), []
            self._number += count
            return
        lines = block.split(b"\n")
        if not lines[-1]:
            lines.pop()
        telling, noted = self._hits(block, lines)
        if telling or self._owed:
            self._keep(lines, telling)
        for index in noted[-_NOTED_LINES:]:
            self._noted.append((self._number + index, self._cut(lines[index])))
        end = [(self._number + at, lines[at]) for at in _last_of(lines, _END_LINES)]
        self._recent = end[-_BEFORE:]
        self._end.extend((number, self._cut(raw)) for number, raw in end)
        self._number += len(lines)

    def _hits(self, block: bytes, lines: list[bytes]) -> tuple[dict[int, int], list[int]]:
        """Indices of the block's telling lines with what follows each, and of the noted ones."""
        if len(lines) * _SHORT > len(block):
            shapes = lines
            examples = dict.fromkeys(lines)
            marks = _marks(list(examples), list(examples))
        else:
            shapes = block.translate(None, _HEXADECIMAL).split(b"\n")
            shaped = dict(zip(shapes, lines))  # noqa: B905 # the last, empty, shape has no line
            marks = _marks(list(shaped), list(shaped.values()))
        telling: dict[int, int] = {}
        noted: list[int] = []
        if not marks:
            return telling, noted
        times = self._times
        if len(times) > _MOST_SHAPES:
            times.clear()
        often: deque[int] = deque(maxlen=_OFTEN_LINES)
        hits = [at for at, shape in enumerate(shapes) if shape in marks]
        self._allowance -= len(hits) // _CHEAP
        for index in hits:
            shape = shapes[index]
            follows = marks[shape]
            if follows < 0:
                noted.append(index)
                continue
            key = hash(shape)
            times[key] = count = times.get(key, 0) + 1
            if count <= _SAME_SHAPE:
                telling[index] = follows
                self._allowance -= 1
            else:
                often.append(index)
        self._often.extend((self._number + index, self._cut(lines[index])) for index in often)
        return telling, noted

    def _keep(self, lines: list[bytes], telling: dict[int, int]) -> None:
        wanted = set(range(min(self._owed, len(lines))))
        self._owed = max(0, self._owed - len(lines))
        for index, follows in telling.items():
            before = _BEFORE if follows else 0
            wanted.update(range(max(0, index - before), min(len(lines), index + follows + 1)))
            self._owed = max(self._owed, index + follows + 1 - len(lines))
            if index < before:
                for number, raw in self._recent[index - _BEFORE :]:
                    self._store(number, raw)
        for index in sorted(wanted):
            self._store(self._number + index, lines[index])

    def _store(self, number: int, raw: bytes) -> None:
        if len(self._first) < _FIRST_LINES:
            self._first.setdefault(number, self._cut(raw))
        elif number not in self._first:
            self._last.append((number, self._cut(raw)))

    def _cut(self, raw: bytes) -> bytes:
        if len(raw) <= LONGEST:
            return raw
        if self._lists > 0 and any(mark in raw for mark in _LIST_MARKS):
            self._lists -= min(len(raw), _LONGEST_LIST)
            return raw[:_LONGEST_LIST]
        if b"\r" in raw.rstrip(b"\r"):
            return b"\r".join(_telling_parts(raw))[: _LONGEST_LIST // 8]
        parts = [raw[: LONGEST - 400]]
        for literal, _ in TELLING:
            at = raw.find(literal, LONGEST - 400, len(raw) - 400)
            if at >= 0 and len(parts) < 5:
                parts.append(raw[at - 200 : at + 300])
        parts.append(raw[-400:])
        return b" ... ".join(parts)


def _telling_parts(raw: bytes) -> Iterator[bytes]:
    """Of a line that a progress bar wrote over: the parts that tell, and the last."""
    parts = raw.split(b"\r")
    shapes = raw.translate(None, _HEXADECIMAL).split(b"\r")
    telling: dict[bytes, bool] = {}
    for part, shape in zip(parts[:-1], shapes, strict=False):
        if shape not in telling:
            telling[shape] = any(literal in part for literal, _ in TELLING)
        if telling[shape]:
            yield part[:LONGEST]
    yield parts[-1][:LONGEST]


def _marks(shapes: list[bytes], examples: list[bytes]) -> dict[bytes, int]:
    """The shapes whose example has a literal, with the lines that follow; -1: only noted."""
    text = b"\n".join(examples)
    find = text.find
    places: list[tuple[int, int]] = []
    foreign = ((phrase, _AFTER_FOREIGN) for phrase in telling_in(text))
    for literal, follows in (*_LITERALS, *foreign):
        at = find(literal)
        while at >= 0:
            places.append((at, follows))
            end = find(b"\n", at)
            at = find(literal, end) if end >= 0 else -1
    places.sort()
    marks: dict[bytes, int] = {}
    index = previous = 0
    for at, follows in places:
        index += text.count(b"\n", previous, at)
        previous = at
        marks[shapes[index]] = max(follows, marks.get(shapes[index], -1))
    return marks


def _last_of(lines: list[bytes], count: int) -> range:
    return range(max(0, len(lines) - count), len(lines))
