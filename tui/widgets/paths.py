"""Completes paths while they are typed."""

from __future__ import annotations

import os

from textual.suggester import Suggester


class PathSuggester(Suggester):
    """Offers the first entry of the folder that begins with what is typed.

    endings: what a file's name must end with; folders are always offered.
    """

    def __init__(self, endings: tuple[str, ...] = ()) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._endings = endings

    async def get_suggestion(self, value: str) -> str | None:
        """The whole path, completed by one entry; None where nothing fits."""
        folder, start = os.path.split(value)
        if not start and not folder:
            return None
        try:
            with os.scandir(os.path.expanduser(folder) or ".") as entries:
                names = sorted(
                    entry.name + ("/" if entry.is_dir() else "")
                    for entry in entries
                    if entry.name.startswith(start)
                    and (start or not entry.name.startswith("."))
                    and (entry.is_dir() or not self._endings or entry.name.endswith(self._endings))
                )
        except OSError:
            return None
        # Only what can be typed as it is: a completion of anything else would show what it is not.
        fitting = [name for name in names if name.isprintable()]
        return os.path.join(folder, fitting[0]) if fitting else None
