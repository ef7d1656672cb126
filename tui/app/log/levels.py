"""Which lines of a log are errors or warnings: a quick guess for marks, not a diagnosis.

Works on bytes and in two steps, for 100 MB must take a second and not a minute: words that such
lines have are looked for in a whole chunk at once, and only lines that have one are looked at.
"""

from __future__ import annotations

import re
from enum import IntEnum

LOOKED_AT = 1024
"""Bytes of a line that are looked at; what it is stands at its beginning."""


class Level(IntEnum):
    """What a line is."""

    PLAIN = 0
    WARNING = 1
    ERROR = 2


WORDS = (
    b"error",
    b"fatal",
    b"fail",
    b"traceback",
    b"exception",
    b"critical",
    b"undefined reference",
    b"did not run successfully",
    b"no matching distribution",
    b"not find",
    b"permission denied",
    b"killed",
    b"warn",
    b"deprecat",
)
"""In lower case: a line without any of these is plain."""

# A time stamp, a level in brackets, quotation marks: what may stand before the first word.
_START = rb"^[^a-z]{0,80}(?:t[0-9:.]{5,20}z?[^a-z]{0,20})?"

_ERROR = re.compile(
    _START + rb"(?:error|fatal|critical|failed|failure|killed|could not find a version"
    rb"|no matching distribution|build failed|task failed|cmake error)\b"
    rb"|" + _START + rb"traceback \(most recent call last\)"
    rb"|(?:^|[\s:|>\[(])(?:fatal )?error(?:\[\w{1,12}\])?:"
    rb"|(?:^|[\s|.])[a-z_]{1,60}(?:error|exception)(?::|$)"
    rb"|\blevel=(?:error|fatal)\b"
    rb"|: undefined reference to|cannot find -l|did not run successfully"
    rb"|\bmake(?:\[\d+\])?: \*\*\*|: permission denied$|\bfailed with exit\b"
    rb"|\bbuild error\b|\berror: "
)
_WARNING = re.compile(
    _START + rb"(?:warn|warning|deprecation|deprecated|cmake (?:deprecation )?warning)\b"
    rb"|(?:^|[\s:|>\[(])warning(?:\[[\w-]{1,40}\])?:"
    rb"|[a-z]{1,60}warning:"
    rb"|\blevel=warn"
)


def level_of(line: bytes) -> Level:
    """Return what a line is."""
    text = line[:LOOKED_AT].lower()
    return _level(text) if any(word in text for word in WORDS) else Level.PLAIN


def _level(text: bytes) -> Level:
    """Return what a line in lower case is.

    Of an error and a warning, the one that it names first.
    """
    error, warning = _ERROR.search(text), _WARNING.search(text)
    if warning is not None and (error is None or warning.start() <= error.start()):
        return Level.WARNING
    return Level.PLAIN if error is None else Level.ERROR
