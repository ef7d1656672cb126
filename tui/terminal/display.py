"""How things look on this terminal: signs, rules, and text from outside made fit to show."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

from ...core.frozen import frozen
from ...core.safe_text import SafeText, safe, safe_line


@frozen
class Display:
    """Signs of one column each, and what text may hold.

    A sign never stands alone: a word beside it, or in the same row, says the same.
    """

    unicode: bool = True

    @property
    def good(self) -> str:
        return "✓" if self.unicode else "+"

    @property
    def bad(self) -> str:
        return "✗" if self.unicode else "x"

    @property
    def doubtful(self) -> str:
        return "!"

    @property
    def unknown(self) -> str:
        return "·" if self.unicode else "."

    @property
    def chosen(self) -> str:
        return "▶" if self.unicode else ">"

    @property
    def on(self) -> str:
        return "●" if self.unicode else "@"

    @property
    def off(self) -> str:
        return "○" if self.unicode else "o"

    @property
    def bullet(self) -> str:
        return "•" if self.unicode else "-"

    @property
    def more(self) -> str:
        return "…" if self.unicode else "~"

    @property
    def rule(self) -> str:
        return "─" if self.unicode else "-"

    @property
    def bar(self) -> str:
        return "│" if self.unicode else "|"

    def line(self, text: str, limit: int | None = None) -> SafeText:
        """Text from outside, for one line."""
        return self._fit(safe_line(text, limit))

    def lines(self, text: str) -> SafeText:
        """Text from outside, line ends kept."""
        return self._fit(safe(text))

    def shorten(self, text: str, width: int) -> str:
        """A path or name in so many columns: the middle goes first, the ends tell most."""
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

    def _fit(self, text: SafeText) -> SafeText:
        if self.unicode or text.isascii():
            return text
        return SafeText(text.encode("ascii", "backslashreplace").decode("ascii"))
