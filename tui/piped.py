"""What was piped into the program, put where the interface can read it; the keys come back."""

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
    """Standard input as a file, while the context lasts; then standard input is the terminal.

    instead: the command that answers without a terminal.
    Raises UsageError where there is no terminal to take keys from.
    """
    try:
        keys = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        raise UsageError(
            f"the terminal interface needs a terminal; without one use `{instead}`",
            code="no-terminal",
        ) from None
    note("Reading standard input to its end.")
    with tempfile.TemporaryDirectory(prefix="pysteward-") as folder:
        path = Path(folder) / "standard-input.log"
        with open(path, "xb") as file:
            while data := sys.stdin.buffer.read(_CHUNK):
                file.write(data)
        os.dup2(keys, 0)
        os.close(keys)
        yield path
