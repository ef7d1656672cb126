"""Standard error and the exit status. Only this module writes to standard error."""

from __future__ import annotations

import os
import sys
from enum import IntEnum

from ..core.errors import StewardError
from ..core.safe_text import safe, safe_line

_LONGEST = 500  # characters of an error line
_live = ""  # the line that ``live`` has left at the end of the terminal
_AROUND = 60  # characters of the faulty line that are shown on each side of a column


class ExitCode(IntEnum):
    """The exit status of a command."""

    YES = 0
    """Done; the answer is yes."""
    NO = 1
    """Done; the answer is no: no match, a failed build, an unusable installation, findings."""
    USAGE = 2
    """The command line, the settings or another input cannot be used."""
    INTERRUPTED = 130
    """Ctrl-C."""


def note(text: str) -> None:
    """Write a note, for example about progress."""
    _write(safe(text))


def warn(text: str) -> None:
    """Write a warning."""
    _write(f"warning: {safe(text)}")


def error(problem: StewardError) -> None:
    """Write what is wrong and where, and the faulty line with a caret under the column."""
    _write(_shortened(f"pysteward: {safe_line(str(problem))}"))
    if problem.source is None:
        return
    column = problem.column or 1
    start = max(0, column - 1 - _AROUND)
    _write(f"  {safe_line(problem.source[start : start + 2 * _AROUND])}")
    if problem.column is not None:
        before = safe_line(problem.source[start : column - 1])
        _write(f"  {' ' * len(before)}^")


def _shortened(line: str) -> str:
    """Return a line of at most _LONGEST characters: its middle is left out, its end says what to
    do."""
    if len(line) <= _LONGEST:
        return line
    half = (_LONGEST - 3) // 2
    return f"{line[:half]} … {line[-half:]}"


def error_document(problem: StewardError) -> dict[str, object]:
    """Return an error as JSON (section 7 of the design)."""
    return {
        "error": {
            "code": problem.code,
            "message": problem.message,
            "file": problem.file,
            "line": problem.line,
            "column": problem.column,
        }
    }


def progress(text: str) -> None:
    """Replace the line that shows progress on a terminal; an empty text removes it."""
    encoding = sys.stderr.encoding or "ascii"
    shown = safe_line(text)[:_LONGEST].encode(encoding, "backslashreplace").decode(encoding)
    try:
        sys.stderr.write(f"\r\x1b[K{shown}")
        sys.stderr.flush()
    except OSError:
        return


def can_ask() -> bool:
    """Return whether a user can read a question and answer it: both ends are a terminal."""
    return os.isatty(0) and os.isatty(2)  # a closed stream is None in sys


def ask(question: str) -> bool:
    """Ask the user; returns True for yes, False for anything else and without a terminal."""
    if not can_ask():
        return False
    live("")
    sys.stderr.write(f"{safe(question)} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.buffer.readline().strip().lower() in (b"y", b"yes")


def ask_secret(question: str) -> str | None:
    """Ask for a line that is not echoed; None without a terminal or at the end of input."""
    if not can_ask():
        return None
    import getpass

    try:
        return getpass.getpass(question, stream=sys.stderr)
    except EOFError:
        return None


def columns() -> int:
    """Return how wide the terminal of the standard error is; 80 where that is not known."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def live(text: str) -> None:
    """Keep a line at the end of the terminal, below all that is written later; empty removes it.

    Without a terminal that can erase a line nothing is shown.
    """
    global _live
    if text == _live or not can_erase():
        return
    shown = safe_line(text)
    # Cut before the last column, where a terminal would go on to the next line.
    _send(f"\r{shown}\x1b[K" if shown else "\r\x1b[K")
    _live = text


def can_erase() -> bool:
    """Return whether a line of standard error can be replaced by the next."""
    return sys.stderr.isatty() and os.environ.get("TERM", "") not in ("", "dumb")


def _write(text: str) -> None:
    global _live
    if _live:
        text, _live = f"\r\x1b[K{text}", ""
    _send(f"{text}\n")


def _send(text: str) -> None:
    encoding = sys.stderr.encoding or "ascii"
    try:
        sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stderr.flush()
    except (BrokenPipeError, OSError):
        # The reader is gone; the exit status still says how the command ended.
        return
