"""Makes text from outside harmless to show: nothing in it reaches a terminal as a command.

A path, a log line, a manifest, an error of the system: whatever is not ours is passed through
``safe_line`` (or ``safe``) once, where it enters what is shown. What was dangerous stays visible,
as an escape such as ``\\x1b`` or ``\\u202e``; what was printable is not touched, so
``requests[security]`` stays that.
"""

from __future__ import annotations

import re

# What str.isprintable() refuses but is wanted as it is, or is shown as something else.
_TAB_STOP = 8

# Combining marks are printable one by one; hundreds on one letter are an attack on the layout.
_MOST_MARKS = 8
_MARK_RUN = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\ufe20-\ufe2f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{%d})[\u0300-\u036f\u0483-\u0489"
    "\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]+" % _MOST_MARKS
)
_HAS_MARK = re.compile("[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f"
                       "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u0e31\u0e34-\u0e3a"
                       "\u0e47-\u0e4e]")
