"""Save piped standard input to a file, so that the terminal can be standard input."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ..core.errors import UsageError
from .messages import note

_CHUNK = 1 << 20


@contextmanager
def piped_input(instead: str) -> Generator[Path]:
    """Yield standard input as a file for the time of the context; keys come from the terminal.

    instead: the command line that answers without a terminal.
    Raises: UsageError (no-terminal) when there is no terminal to read keys from.
    """
    try:
        keys = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        raise UsageError(
            f"the terminal interface needs a terminal; without one use `{instead}`",
            code="no-terminal",
        ) from None
    note("Reading standard input to its end.")
    with tempfile.TemporaryDirectory(prefix="pysteward-") as directory:
        path = Path(directory) / "standard-input.log"
        with open(path, "xb") as file:
            while data := sys.stdin.buffer.read(_CHUNK):
                file.write(data)
        os.dup2(keys, 0)
        os.close(keys)
        yield path
