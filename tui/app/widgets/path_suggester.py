"""Complete paths while they are typed."""

from __future__ import annotations

import os

from textual.suggester import Suggester

from ..background import result_of


class PathSuggester(Suggester):
    """Suggests the first entry of the directory that begins with what is typed.

    endings: of the files that are suggested; directories always are.
    """

    def __init__(self, endings: tuple[str, ...] = ()) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._endings = endings

    async def get_suggestion(self, value: str) -> str | None:
        """Return the whole path, completed by one entry; None where nothing fits."""
        directory, start = os.path.split(value)
        if not start and not directory:
            return None
        try:
            # A directory may be on a slow network disk; the keys must not wait for it.
            name = await result_of(lambda: self._first(os.path.expanduser(directory) or ".", start))
        except OSError:
            return None
        return None if name is None else os.path.join(directory, name)

    def _first(self, directory: str, start: str) -> str | None:
        return next(iter(entries_of(directory, start, self._endings)), None)


def entries_of(directory: str, start: str, endings: tuple[str, ...]) -> list[str]:
    """Return the names in a directory that begin with `start`, sorted; directories end with a
    slash.

    endings: of the files that count; empty for all. Raises: OSError.
    """
    with os.scandir(directory) as entries:
        return sorted(
            entry.name + ("/" if entry.is_dir() else "")
            for entry in entries
            # Only names that can be typed as they are shown.
            if entry.name.isprintable()
            and entry.name.startswith(start)
            and (start or not entry.name.startswith("."))
            and (entry.is_dir() or not endings or entry.name.endswith(endings))
        )
