"""The symbols of a terminal, and text shortened to the cells that the widget toolkit counts."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from .symbols import Symbols


@dataclass(frozen=True)
class Display(Symbols):
    """Symbols, and what only widgets need."""

    def shorten(self, text: str, width: int) -> str:
        """Return a path or name in `width` columns; the middle is left out, since the ends tell
        most."""
        shown = self.line(text)
        if cell_len(shown) <= width:
            return shown
        if width < 5:
            return set_cell_size(shown, width)
        tail = width * 2 // 3
        end = len(shown)
        while cell_len(shown[end - 1 :]) <= tail:
            end -= 1
        return set_cell_size(shown, width - 1 - cell_len(shown[end:])) + self.more + shown[end:]
