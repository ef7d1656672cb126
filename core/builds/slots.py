"""Places to build at: so many builds run at once as ``parallel-builds`` says, the others wait."""

from __future__ import annotations

from pathlib import Path

from ..state import lock_now, make_folder


def take_slot(state_dir: Path, places: int) -> int | None:
    """The descriptor that holds a place, until it is closed; None where all are taken.

    Raises OSError.
    """
    folder = make_folder(state_dir / "builds" / ".places")
    for number in range(max(1, places)):
        place = lock_now(folder / str(number))
        if place is not None:
            return place
    return None
