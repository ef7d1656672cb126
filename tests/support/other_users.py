"""What tests as root need to have something done by another user."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NOBODY = 65534


@contextmanager
def open_directory() -> Iterator[Path]:
    """A temporary directory that every user can go to.

    Not below pytest's own: each pytest that starts closes that to all others.
    """
    with tempfile.TemporaryDirectory(prefix="pysteward-open-") as name:
        directory = Path(name).resolve()
        directory.chmod(0o755)
        yield directory


@contextmanager
def as_an_ordinary_user() -> Iterator[None]:
    """Steps here is done by somebody to whom permissions apply, also where root tests.

    Nothing may be imported here for the first time: the interpreter may lie where only root reads.
    """
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
