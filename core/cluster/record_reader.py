"""New pieces of a build's record, by position: what a client has not got yet."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from ..builds import Record
from ..file_io import open_regular

_MOST = 1024 * 1024
"""Bytes of a file in one answer; no line is so long."""

_END = b'"event":"finished"'


class Piece(NamedTuple):
    """Whole lines of the log, and whole lines of the events, as they lie in their files."""

    log: bytes = b""
    events: bytes = b""


def read_piece(record: Record, log: int, events: int) -> Piece:
    """Return what comes after these positions. log, events: bytes that were read before."""
    # The events first: what they say has happened to the log before them is then there.
    told = _lines(record.events, events)
    return Piece(_lines(record.log, log), told)


def is_finished(record: Record) -> bool:
    """Return whether the last event tells of the end."""
    try:
        descriptor = open_regular(record.events)
    except OSError:
        return False
    try:
        size = os.fstat(descriptor).st_size
        return _END in os.pread(descriptor, 200, max(0, size - 200))
    finally:
        os.close(descriptor)


def _lines(file: Path, position: int) -> bytes:
    try:
        descriptor = open_regular(file)
    except OSError:
        return b""
    try:
        data = os.pread(descriptor, _MOST, position)
    finally:
        os.close(descriptor)
    return data[: data.rfind(b"\n") + 1]
