"""Make text from outside harmless to show: nothing in it reaches a terminal as a command.

A path, a log line, a manifest, an error of the system: whatever is not ours passes through here
once, where it enters what is shown. What was dangerous stays visible, as an escape such as
``\\x1b`` or ``\\u202e``; what was harmless is not touched, so ``requests[security]`` stays that.

Harmless is what Unicode calls printable (no controls, no formats such as bidirectional overrides,
no surrogates, nothing unassigned), less what is printable and yet breaks a layout: variation
selectors, invisible letters, and more combining marks than a letter can carry.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NewType

SafeText = NewType("SafeText", str)
"""Text that may be written to a terminal as it is."""

MOST_MARKS = 4
"""How many combining marks a letter keeps; Vietnamese and Hebrew need three."""

_TAB_STOP = 8
# As many different characters are replaced in a whole text at once; else line by line.
_FEW = 64
_PLAIN = bytes(range(0x20, 0x7F)) + b"\n"
# Both are compiled when a text first needs them: most runs of the program show nothing but ASCII.
# Printable by their category, but without a width that terminals agree on.
_INVISIBLE = (
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
# What may be a run of too many combining marks: marks are no word characters, start at U+0300 and
# do not lie among the punctuation, arrows and box drawings that logs are full of.
_MARKS = f"[^\\w\u0000-\u02ff\u2000-\u20cf\u2100-\u2bff]{{{MOST_MARKS + 1}}}"


def safe_line(text: str, limit: int | None = None) -> SafeText:
    """Return one line, to be shown on one line: line ends in it are escaped like other controls.

    Tabs become spaces. limit: cut after so many characters and say how many are left out.
    """
    if limit is not None and len(text) > limit:
        return SafeText(f"{safe_line(text[:limit])}… (+{len(text) - limit:,} characters)")
    if text.isprintable() and text.isascii():
        return SafeText(text)
    if "\t" in text:
        text = text.expandtabs(_TAB_STOP)
    if not text.isprintable():
        text = "".join([c if c.isprintable() else _escaped(c) for c in text])
    if not text.isascii():
        text = re.sub(_INVISIBLE, lambda found: _escaped(found[0]), text)
        if re.search(_MARKS, text):
            text = _with_few_marks(text)
    return SafeText(text)


def safe(text: str) -> SafeText:
    """Several lines: line ends stay, everything else is as in safe_line."""
    if text.isprintable() and text.isascii():
        return SafeText(text)
    text = text.replace("\r\n", "\n")
    unusual = set(_unusual(text))
    if len(unusual) > _FEW or any(unicodedata.category(c)[0] == "M" for c in unusual):
        return SafeText("\n".join([safe_line(line) for line in text.split("\n")]))
    if "\t" in unusual:
        text = text.expandtabs(_TAB_STOP)
    for character in unusual:
        shown = safe_line(character)
        if shown != character:
            text = text.replace(character, shown)
    return SafeText(text)


def _unusual(text: str) -> str:
    """Return the characters of a text but for line ends and what is plain ASCII; quick for any
    length."""
    return (
        text.encode("utf-8", "surrogatepass")
        .translate(None, _PLAIN)
        .decode("utf-8", "surrogatepass")
    )


def decode(data: bytes) -> str:
    """Bytes of a log or a file name as text; what is not UTF-8 is shown as ``\\xff``.

    The result is whole but not yet safe.
    """
    return data.decode("utf-8", "backslashreplace")


def _escaped(character: str) -> str:
    code = ord(character)
    if unicodedata.category(character) == "Zs":
        return " "
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was no UTF-8, as surrogateescape keeps it
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def _with_few_marks(text: str) -> str:
    kept: list[str] = []
    marks = left_out = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        if marks <= MOST_MARKS:
            kept.append(character)
        else:
            left_out += 1
    return "".join(kept) + (f" (+{left_out} combining marks)" if left_out else "")
