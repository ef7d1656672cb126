"""The log viewer: a log of any size, growing or not, shown without being read into memory.

    log_file   the bytes of a file, whatever befalls it
    watcher    its growth, in a thread
    log_lines  an index of its rows, built as it grows
    scan       what matters in it, found in threads
    matchers   errors and warnings, matches of a search
    log_view   the lines in the window
    log_panel  the view, marks, status and prompt, and all that can be done
    messages   what the threads say

Stand-alone: put a LogPanel into an app that has what ``tui.house`` promises, call ``open``.
"""

from __future__ import annotations

from .commands import LogPanel
from .navigation import LogPhase

__all__ = ["LogPanel", "LogPhase"]
