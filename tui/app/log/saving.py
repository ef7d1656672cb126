"""Write a log, or lines of it, to a new file, byte for byte."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from ....core.errors import StateError
from .file import LogFile
from .line_index import CHUNK, LineIndex


def save_log(file: LogFile, path: Path) -> int:
    """Write the whole log. Returns its bytes; raises StateError."""
    return _write(_chunks(file), path)


def save_rows(index: LineIndex, rows: Iterable[int], path: Path) -> int:
    """Write some of its rows. Returns the bytes; raises StateError."""
    return _write((_bytes(index, row) for row in rows), path)


def save_text(text: str, path: Path) -> int:
    """Write a text, a report for example. Returns its bytes; raises StateError."""
    return _write([text.encode("utf-8", "backslashreplace")], path)


def _bytes(index: LineIndex, row: int) -> bytes:
    start = index.start(row)
    return index.read(start, index.start(row + 1) - start)


def _chunks(file: LogFile) -> Iterable[bytes]:
    offset = 0
    while data := file.read(offset, CHUNK):
        yield data
        offset += len(data)


def _write(parts: Iterable[bytes], path: Path) -> int:
    """Into a new file beside it that then takes its name; one that exists is left alone."""
    temporary = None
    written = 0
    try:
        if path.exists() or path.is_symlink():
            raise FileExistsError(0, "there is such a file already; choose another name")
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name[:80]}.", dir=path.parent)
        with open(descriptor, "wb") as file:
            for part in parts:
                file.write(part)
                written += len(part)
            file.flush()
            os.fsync(descriptor)
        # A link refuses where another process made such a file meanwhile.
        os.link(temporary, path)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise StateError(f"this cannot be saved: {reason}", file=path) from problem
    finally:
        if temporary is not None:
            os.unlink(temporary)
    return written
