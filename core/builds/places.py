"""Places to build at: so many builds run at once as ``parallel-builds`` says, the others wait."""

from __future__ import annotations

import os
from pathlib import Path

from ..state_dir import make_folder, open_file


def take_place(state_dir: Path, places: int) -> int | None:
    """The descriptor that holds a place, until it is closed; None where all are taken.

    Raises OSError.
    """
    import fcntl

    folder = make_folder(state_dir / "builds" / ".places")
    for number in range(max(1, places)):
        descriptor = open_file(folder / str(number), os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            continue
        return descriptor
    return None
