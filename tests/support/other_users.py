"""What tests as root need to have something done by another user."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder that every user can go to.

    Not below pytest's own: each pytest that starts closes that to all others.
    """
    with tempfile.TemporaryDirectory(prefix="pysteward-open-") as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        yield folder
