"""Owns standard error and the exit status: what happened, what is wrong, how it ended."""

from __future__ import annotations

import sys
from enum import IntEnum

from ..core.errors import StewardError
from ..core.safe_text import safe, safe_line


class ExitCode(IntEnum):
    """How a command ends."""

    YES = 0
    """Done; the answer is yes."""
    NO = 1
    """Done; the answer is no: no match, a failed build, an unusable installation, findings."""
    USAGE = 2
    """The command line, the settings or another input cannot be used."""
    INTERRUPTED = 130
    """Ctrl-C."""


def note(text: str) -> None:
    """Say something in passing, progress for example."""
    _write(safe(text))


def warn(text: str) -> None:
    """Say that something may not be as expected."""
    _write(f"warning: {safe(text)}")


def error(problem: StewardError) -> None:
    """Say what cannot be used, where, and show the line with a caret under the column."""
    _write(f"pysteward: {safe_line(str(problem))}")
    if problem.source is not None:
        _write(f"  {safe_line(problem.source)}")
        if problem.column is not None:
            before = safe_line(problem.source[: problem.column - 1])
            _write(f"  {' ' * len(before)}^")


def error_document(problem: StewardError) -> dict[str, object]:
    """The same as the JSON that section 7 of the design promises."""
    return {
        "error": {
            "code": problem.code,
            "message": problem.message,
            "file": problem.file,
            "line": problem.line,
            "column": problem.column,
        }
    }


def can_ask() -> bool:
    """Whether somebody sits there who can read a question and answer it."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str) -> bool:
    """Put a question to whoever sits at the terminal; anything but yes is no, as is no terminal."""
    if not can_ask():
        return False
    sys.stderr.write(f"{safe(question)} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def ask_secret(question: str) -> str | None:
    """Ask for a line that is not echoed; None without a terminal or at the end of input."""
    if not can_ask():
        return None
    import getpass

    try:
        return getpass.getpass(question, stream=sys.stderr)
    except EOFError:
        return None


def _write(text: str) -> None:
    encoding = sys.stderr.encoding or "ascii"
    try:
        sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        sys.stderr.flush()
    except (BrokenPipeError, OSError):
        # Nobody reads any more; the exit status still says how it ended.
        return
