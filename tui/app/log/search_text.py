"""What is searched for: plain text, found in bytes as fast as they can be read.

Case is ignored until a capital letter is typed, as in less, vim and ripgrep. A letter is the same
as its capital where that is one letter too: ``ß`` is not ``SS``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Needle:
    """Text to search for, not empty."""

    text: str

    @cached_property
    def ignores_case(self) -> bool:
        """Whether capital letters are taken for small ones."""
        return self.text == self.text.lower()

    @cached_property
    def size(self) -> int:
        """The most bytes that a place where it was found can have."""
        return sum(max(len(_bytes(c)), len(_bytes(_capital(c)))) for c in self.text)

    @cached_property
    def sought(self) -> bytes:
        """The bytes to look for in what `fold` returns."""
        return self.fold(_bytes(self.text))

    def fold(self, data: bytes) -> bytes:
        """UTF-8 in which those of the needle's letters are small whose case is ignored."""
        if self._has_ascii_letters:
            data = data.lower()
        for letter in self._other_letters:
            data = data.replace(_bytes(_capital(letter)), _bytes(letter))
        return data

    def spans(self, shown: str) -> list[tuple[int, int]]:
        """Return where it stands in a line as it is shown."""
        return [found.span() for found in self._in_text.finditer(shown)]

    @cached_property
    def _has_ascii_letters(self) -> bool:
        return self.ignores_case and any(c.isascii() and c.isalpha() for c in self.text)

    @cached_property
    def _other_letters(self) -> list[str]:
        if not self.ignores_case:
            return []
        return [c for c in dict.fromkeys(self.text) if not c.isascii() and _capital(c) != c]

    @cached_property
    def _in_text(self) -> re.Pattern[str]:
        cases = [{c, _capital(c)} if self.ignores_case else {c} for c in self.text]
        return re.compile("".join(f"[{re.escape(''.join(sorted(each)))}]" for each in cases))


def _capital(letter: str) -> str:
    capital = letter.upper()
    # Some letters beyond ASCII have a capital in it, as the long s has: they are letters apart.
    return capital if len(capital) == 1 and capital.isascii() == letter.isascii() else letter


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
