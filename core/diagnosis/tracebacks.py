"""Parse Python tracebacks: what was raised, in whose code, and what a chain of them began with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .log_lines import Line, Log

_HEAD: Final = re.compile(r"(?:^|\s)Traceback \(most recent call last\):?$")
_FRAME: Final = re.compile(
    r"^(?:File \"(?P<file>[^\"]{1,500})\"|File (?P<plain>/[^\s:]{1,500}):(?P<at>\d{1,7})|"
    r"(?P<cell>(?:Cell )?In ?\[\d{1,5}\]))(?:,? ?line (?P<line>\d{1,7}))?(?:,? in (?P<name>\S{1,200}))?"
)
_RAISED: Final = re.compile(
    r"^(?P<type>(?:[A-Za-z_]\w{0,80}\.){0,8}[A-Z]\w{0,80}|KeyboardInterrupt)(?::(?: (?P<text>.{0,2000}))?)?$"
)
_NAMED_AS_ERROR: Final = re.compile(
    r"(?:Error|Exception|Exit|Interrupt|Warning|Failed|Failure|Missing|NotFound|Conflict|"
    r"Unavailable|Timeout|Expired|Invalid|Configured|Refused|Denied|Killed)$"
)
_CHAINED: Final = (
    "During handling of the above exception, another exception occurred",
    "The above exception was the direct cause of the following exception",
)
_MOST_LINES: Final = 400

_LIBRARY: Final = re.compile(
    r"/site-packages/|/dist-packages/|/lib(?:64)?/python[23]\.?\d|^<frozen |\.p(?:yx|xd|xi)$|[\\/]Lib[\\/]|^<\w"
)
_SERVER: Final = re.compile(
    r"/(?:opt|usr/lib|usr/local/lib)/(?:rstudio|posit)?-?connect/(?!mnt/|packages/|python-env|.*-packages/)|"
    r"/rstudio-connect/(?!mnt/|python-env|.*-packages/|apps/)|/opt/posit/(?!.*-packages/)"
)
_PIP: Final = re.compile(
    r"/pip/(?:_internal|_vendor|__main__|__init__|commands|basecommand)|/bin/pip[\d.]{0,5}$|"
    r"[\\/]pip\.exe|/pip-\d[\w.]{0,10}-py"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """One call of a traceback: the file, the line in it, and the code of that line."""

    file: str
    number: int
    function: str
    code: str
    line: Line

    @property
    def is_library(self) -> bool:
        return bool(_LIBRARY.search(self.file))

    @property
    def is_server(self) -> bool:
        return bool(_SERVER.search(self.file))


@dataclass(frozen=True, slots=True, eq=False)
class Traceback:
    """A traceback. before: the one during whose handling it was raised, or that caused it."""

    start: int
    end: int
    frames: tuple[Frame, ...]
    type: str
    text: str
    line: Line
    before: Traceback | None = None

    @property
    def name(self) -> str:
        """The exception's name without its module."""
        return self.type.rsplit(".", 1)[-1]

    @property
    def own(self) -> Frame | None:
        """The last frame that is neither a library's nor the server's."""
        return next(
            (f for f in reversed(self.frames) if not f.is_library and not f.is_server), None
        )

    @property
    def is_of_pip(self) -> bool:
        return self.type.startswith("pip._") or any(
            _PIP.search(frame.file) for frame in self.frames[:6]
        )

    @property
    def is_of_server(self) -> bool:
        """Whether only the server's own script and libraries take part."""
        return self.own is None and any(frame.is_server for frame in self.frames)

    @property
    def root(self) -> Traceback:
        """The traceback of a chain that counts: the first, unless it was only a trial.

        A handler that fails while it deals with an expected error (an import that may fail, a key
        that may lack) is the cause itself.
        """
        if self.before is None:
            return self
        first = self.before.root
        if first.name in _TRIED and first.text[:40] not in self.text:
            return self
        return first


_TRIED: Final = frozenset(
    {"KeyError", "AttributeError", "ImportError", "ModuleNotFoundError", "IndexError"}
    | {"StopIteration", "FileNotFoundError", "LookupError", "ValueError", "TypeError", "OSError"}
)


def traceback_at(log: Log, index: int) -> Traceback | None:
    """Return the traceback that the line at ``index`` is part of, or whose exception it tells."""
    return next((one for one in tracebacks(log) if one.start <= index <= one.end), None)


@lru_cache(maxsize=2)
def tracebacks(log: Log) -> tuple[Traceback, ...]:
    """Return all tracebacks of a log, in order."""
    return tuple(_parsed(log.lines))


_OF_INSTALLER: Final = re.compile(
    r"/pip[-/]|sdists-v|builds-v|setup\.py|_in_process|/virtualenv|^<string>"
)


@lru_cache(maxsize=2)
def source_lines(log: Log) -> frozenset[int]:
    """Return the indices of lines that only quote the source of content: they say nothing themselves.

    What pip and build scripts quote stays: an exception's text is often found there alone.
    """
    quoted: set[int] = set()
    for one in tracebacks(log):
        if any(_OF_INSTALLER.search(frame.file) for frame in one.frames):
            continue
        heads = {id(frame.line) for frame in one.frames if frame.code}
        quoted.update(
            index + 1
            for index in range(one.start, one.end)
            if id(log.lines[index]) in heads and index + 1 < one.end
        )
    return frozenset(quoted)


def _parsed(lines: Sequence[Line]) -> Iterator[Traceback]:
    index = 0
    before: Traceback | None = None
    while index < len(lines):
        body = lines[index].body
        if body.startswith(_CHAINED):
            index += 1
            continue
        headless = body.startswith('File "') and bool(_FRAME.match(body))
        if not headless and ("Traceback (most recent" not in body or not _HEAD.search(body)):
            if before is not None and body.strip() and not _chain_goes_on(lines, index):
                before = None
            index += 1
            continue
        found = _one(lines, index, before, headless)
        if found is None:
            index += 1
            continue
        yield found
        before = found
        index = found.end + 1


def _chain_goes_on(lines: Sequence[Line], index: int) -> bool:
    """Whether, behind the further lines of an exception's text, a chained traceback follows."""
    return any(line.body.startswith(_CHAINED) for line in lines[index : index + 30])


def _one(
    lines: Sequence[Line], start: int, before: Traceback | None, headless: bool
) -> Traceback | None:
    """The traceback that begins at a line; ``headless``: with a frame, where its head is cut off."""
    chained = before is not None and any(
        line.body.startswith(_CHAINED) for line in lines[before.end : start]
    )
    head = lines[start]
    frames: list[Frame] = []
    index = start if headless else start + 1
    while index < min(len(lines), start + _MOST_LINES):
        line = lines[index]
        if found := _FRAME.match(line.body):
            code = lines[index + 1].body if index + 1 < len(lines) else ""
            has_code = not _FRAME.match(code) and not _is_raised(lines, index + 1, head)
            number = int(found["line"] or found["at"] or 0)
            file = found["file"] or found["plain"] or found["cell"]
            frames.append(Frame(file, number, found["name"] or "", code * has_code, line))
            index += 2 if has_code else 1
            continue
        if _is_raised(lines, index, head) and (raised := _RAISED.match(line.body)):
            text = (raised["text"] or "").strip()
            if not any(map(str.isalnum, text)) and index + 1 < len(lines):
                text = _text_below(lines, index) if ":" in line.body else ""
            elif _goes_on_below(lines, index):
                text = _with_below(text, lines, index)
            return Traceback(
                start, index, tuple(frames), raised["type"], text, line, before if chained else None
            )
        if "Traceback (most recent" in line.body:
            return None
        index += 1
    return None


def _text_below(lines: Sequence[Line], index: int) -> str:
    """The first line below an exception's name that has words, and is no frame."""
    for line in lines[index + 1 : index + 6]:
        if line.body.startswith((*_CHAINED, "Traceback (", 'File "')):
            break
        if any(map(str.isalpha, line.body)):
            return line.body.strip()
    return ""


def _goes_on_below(lines: Sequence[Line], index: int) -> bool:
    """Whether a sentence that an exception says is not at its end, and the next line is indented."""
    if index + 1 >= len(lines) or lines[index].body.endswith((".", "!", "?", ")", "'", '"')):
        return False
    below = lines[index + 1]
    return (
        below.order - lines[index].order == 1
        and below.depth > lines[index].depth
        and below.body[:1].isalpha()
        and not below.body.startswith(("File ", "Traceback "))
    )


def _with_below(text: str, lines: Sequence[Line], index: int) -> str:
    parts = [text]
    for line in lines[index + 1 : index + 4]:
        if line.depth <= lines[index].depth or not line.body:
            break
        parts.append(line.body.strip())
    return " ".join(parts)


def _is_raised(lines: Sequence[Line], index: int, head: Line) -> bool:
    """Whether a line tells the exception: it is indented as the traceback's first line is."""
    if index >= len(lines):
        return False
    line = lines[index]
    found = _RAISED.match(line.body)
    if found is None:
        return False
    return line.depth <= head.depth or bool(_NAMED_AS_ERROR.search(found["type"]))
