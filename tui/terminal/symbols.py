"""Signs, bars and widths of a terminal with or without Unicode; without the widget toolkit."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from ...core.safe_text import SafeText, safe, safe_line


@dataclass(frozen=True)
class Symbols:
    """Signs of one column each, and text in the characters that the terminal shows.

    A sign never stands alone: a word beside it, or in the same row, says the same.
    unicode: whether the terminal shows more than ASCII.
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
    def marked(self) -> str:
        return "•" if self.unicode else "*"

    @property
    def more(self) -> str:
        return "…" if self.unicode else "~"

    @property
    def step(self) -> str:
        """Between the steps of a strip."""
        return "▸" if self.unicode else ">"

    @property
    def needle(self) -> str:
        """What was asked for, on a scale."""
        return "▼" if self.unicode else "?"

    @property
    def axis(self) -> str:
        return "┄" if self.unicode else "-"

    @property
    def bar(self) -> str:
        return "━" if self.unicode else "="

    @property
    def upright(self) -> str:
        return "│" if self.unicode else "|"

    @property
    def rising(self) -> str:
        return "▲" if self.unicode else "^"

    @property
    def falling(self) -> str:
        return "▼" if self.unicode else "v"

    def gauge(self, share: float, width: int) -> str:
        """Return a bar of `width` columns, filled up to a share from 0 to 1."""
        full, empty = ("▰", "▱") if self.unicode else ("#", "-")
        filled = round(min(max(share, 0.0), 1.0) * width)
        return full * filled + empty * (width - filled)

    def line(self, text: str, limit: int | None = None) -> SafeText:
        """Untrusted text made safe, on one line."""
        return self._fit(safe_line(text, limit))

    def lines(self, text: str) -> SafeText:
        """Untrusted text made safe, line ends kept."""
        return self._fit(safe(text))

    def _fit(self, text: SafeText) -> SafeText:
        if self.unicode or text.isascii():
            return text
        return SafeText(text.encode("ascii", "backslashreplace").decode("ascii"))


def columns_of(text: str) -> int:
    """Return how many columns a terminal needs for a text. Source: Unicode Standard Annex 11."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(each) else 1 + (unicodedata.east_asian_width(each) in "WF")
        for each in text
    )
