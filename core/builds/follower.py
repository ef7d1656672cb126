"""Follow a build from its record, live or finished, here or brought from elsewhere."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ..file_io import open_regular
from ..safe_text import decode as decode_text
from .events import (
    Event,
    Finished,
    LogLines,
    decode_event,
)
from .interrupted import close_interrupted
from .record import Record

_PAUSE = 0.01  # seconds; what a reader sees is at most so old
_LOOK = 0.5  # seconds between two looks whether the worker still lives
_CHUNK = 256 * 1024


def follow(
    record: Record,
    *,
    log: bool = True,
    wait: bool = True,
    idle: Callable[[], None] | None = None,
) -> Iterator[Event | LogLines]:
    """Yield everything that happened and happens, in order, up to and with `Finished`.

    Any number of readers may follow one build; where its worker is killed meanwhile, it ends as
    ``interrupted``.

    log: with the lines of the log, each before the events that came after it.
    wait: for what is still to come; else this ends with what there is.
    idle: called some hundred times a second while there is nothing new; it may raise.
    """
    lines, events = _Tail(record.log), _Tail(record.events)
    next_look = 0.0
    is_dead = False
    with lines, events:
        while True:
            position = lines.position + events.position
            for _, texts in events.more():
                for event in filter(None, map(decode_event, texts)):
                    is_last = isinstance(event, Finished)
                    if log:
                        yield from _shown(lines, None if is_last else event.offset)
                    yield event
                    if is_last:
                        return
            if log:
                yield from _shown(lines, None)
            if lines.position + events.position > position:
                continue
            if not wait:
                return
            if is_dead:  # and it has left no last word: this user may not write it down
                yield Finished(time.time(), lines.position, close_interrupted(record).outcome)
                return
            if time.monotonic() >= next_look:
                next_look = time.monotonic() + _LOOK
                is_dead = not record.is_alive()
                if is_dead:
                    close_interrupted(record)
                    continue
            if idle is not None:
                idle()
            time.sleep(_PAUSE)


def _shown(log: _Tail, end: int | None) -> Iterator[LogLines]:
    for offset, lines in log.more(end):
        yield LogLines(offset, tuple(map(decode_text, lines)))


class _Tail:
    """A file that grows, taken in whole lines. position: bytes that have been taken."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None
        self.position = 0

    def __enter__(self) -> _Tail:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            os.close(self._file)

    def more(self, end: int | None = None) -> Iterator[tuple[int, list[bytes]]]:
        """Lines not taken yet, up to the offset `end`, many at a time, and where they begin."""
        if self._file is None:
            try:
                self._file = open_regular(self._path)
            except FileNotFoundError:
                return
        size = _CHUNK
        while end is None or self.position < end:
            wanted = size if end is None else min(size, end - self.position)
            data = os.pread(self._file, wanted, self.position)
            whole = data.rfind(b"\n") + 1
            if not whole:
                if len(data) < wanted or wanted < size:
                    return
                size *= 2  # a line that is longer than what was read of it
                continue
            start = self.position
            self.position += whole
            yield start, data[: whole - 1].split(b"\n")
