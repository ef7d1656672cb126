"""What is searched for: plain text, found in bytes as fast as they can be read.

Case is ignored until a capital letter is typed, as in less, vim and ripgrep.
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
        return max(len(c.upper().encode("utf-8", "replace")) for c in self.text) * len(self.text)

    def prepare(self, data: bytes) -> bytes:
        """What `find` wants to be given; offsets stay as they are."""
        return data.lower() if self._plain is not None and self.ignores_case else data

    def find(self, prepared: bytes, start: int) -> int:
        """The offset of the next place from start, -1 if there is none."""
        if self._plain is not None:
            return prepared.find(self._plain, start)
        found = self._expression.search(prepared, start)
        return -1 if found is None else found.start()

    def spans(self, shown: str) -> list[tuple[int, int]]:
        """Where it stands in a line as it is shown."""
        return [found.span() for found in self._in_text.finditer(shown)]

    @cached_property
    def _plain(self) -> bytes | None:
        """The bytes to look for, where looking for bytes is enough."""
        if self.ignores_case and not self.text.isascii():
            return None
        return self.text.encode("utf-8", "surrogateescape")

    @cached_property
    def _expression(self) -> re.Pattern[bytes]:
        """Both cases of each character, for bytes know those of ASCII only."""
        both = [sorted({c, c.lower(), c.upper()}) for c in self.text]
        parts = [b"|".join(re.escape(c.encode("utf-8")) for c in cases) for cases in both]
        return re.compile(b"".join(b"(?:" + part + b")" for part in parts))

    @cached_property
    def _in_text(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.text), re.IGNORECASE if self.ignores_case else 0)
