"""The parts of a log's lines that only repeat what is known: where a requirement stands."""

from __future__ import annotations

import re

_REPEATED = re.compile(
    r"\(from (?:versions: )?[^()]{0,400}(?:\([^()]{0,80}\)[^()]{0,400})*\)"
    r"|\bin /[^ ]{1,300}/(?:site|dist)-packages\b"
    r"|https?://[^ ]{1,400}/(?=[^/ ]+(?: |$))"
)
_LONGEST = 4000  # characters of a line that are looked at
_HINTS = ("(from ", "-packages", "://")


def quiet_parts(text: str) -> tuple[tuple[int, int], ...]:
    """Return where a line holds what pip repeats: the file and line of a requirement, the directory
    of an installed package, an address up to the file's name."""
    if not any(hint in text for hint in _HINTS):
        return ()
    return tuple(found.span() for found in _REPEATED.finditer(text, 0, _LONGEST))
