"""Completes paths while they are typed."""

from __future__ import annotations

import os

from textual.suggester import Suggester

from ..background import result_of


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
            # A folder may lie at the other end of a network; the keys must not wait for it.
            name = await result_of(lambda: self._first(os.path.expanduser(folder) or ".", start))
        except OSError:
            return None
        return None if name is None else os.path.join(folder, name)

    def _first(self, folder: str, start: str) -> str | None:
        with os.scandir(folder) as entries:
            names = (
                entry.name + ("/" if entry.is_dir() else "")
                for entry in entries
                # Only what can be typed as it is: anything else would show what it is not.
                if entry.name.isprintable()
                and entry.name.startswith(start)
                and (start or not entry.name.startswith("."))
                and (entry.is_dir() or not self._endings or entry.name.endswith(self._endings))
            )
            return min(names, default=None)
