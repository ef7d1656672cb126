"""Keep pip's own log: its secrets masked, its length bounded.

pip writes everything into it that it knows. It lies where a package's code can write, so it may be
of any size and is read by blocks.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable

from ..file_io import blocks, open_regular
from ..secrets import KnownSecrets
from ..state import open_file
from .record import Record
from .runner import LineFeed

HEAD = 32 << 20
"""Bytes that are kept of the beginning of a log that is too long, and"""
TAIL = 96 << 20
"""bytes of its end, where a failure is told."""


def keep_pip_log(record: Record, secrets: KnownSecrets) -> None:
    """Keep pip's own log in the record; what pip itself wrote is readable for its owner alone.

    secrets: what is masked. Where there is no such log, or no room on the disk, there is none.
    """
    raw = record.work / "pip.log"
    temporary = record.directory / ".pip.log"
    with contextlib.suppress(OSError):
        source = open_regular(raw)
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            with open(
                open_file(temporary, flags), "w", encoding="utf-8", errors="backslashreplace"
            ) as target:
                _mask(source, target.write, secrets)
        finally:
            os.close(source)
        os.replace(temporary, record.pip_log)
        os.unlink(raw)
    with contextlib.suppress(OSError):
        os.unlink(temporary)


def _mask(source: int, write: Callable[[str], object], secrets: KnownSecrets) -> None:
    size = os.fstat(source).st_size
    left_out = size - HEAD - TAIL
    if left_out <= 0:
        _copy_lines(source, size, write, secrets)
        return
    _copy_lines(source, HEAD, write, secrets)
    words = f"{left_out} bytes in the middle of this log are left out: its limit is reached"
    write(f"pysteward: {words}\n")
    os.lseek(source, size - TAIL, os.SEEK_SET)
    _copy_lines(source, TAIL, write, secrets)
    write(f"pysteward: {words}\n")  # for those who look at the end only


def _copy_lines(
    source: int, size: int, write: Callable[[str], object], secrets: KnownSecrets
) -> None:
    feed = LineFeed(write, None, quiet=False, room=HEAD + TAIL, secrets=secrets)
    for block in blocks(source, size):
        feed.take(block)
    feed.take(None)
