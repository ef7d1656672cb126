"""The terminal: whether there is one, what it can show, and how it is left in order.

Nothing here imports the widget toolkit, so that a refusal is quick.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from functools import lru_cache

from ...core.errors import UsageError
from ...core.frozen import frozen

# DEC's terminals had no colors before the VT525, nor has what terminfo calls -m and -mono.
_MONOCHROME = re.compile(r"vt(?:52|[1-4]\d\d)(?:-.*)?|.*-(?:m|mono)")


@frozen
class Terminal:
    """What this terminal can do.

    unicode: it shows more than ASCII.
    color: there is color, and it is wanted (https://no-color.org).
    many_colors: it has more than the 16 of its own palette.
    remote: it is at the other end of a network line.
    tmux: the program runs inside tmux.
    """

    unicode: bool = True
    color: bool = True
    many_colors: bool = True
    remote: bool = False
    tmux: bool = False


def require(instead: str) -> Terminal:
    """Return the terminal that the program was started in.

    instead: the command that answers without one, such as ``pysteward installations``.
    Raises UsageError where there is none, or one that cannot place a cursor.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        raise UsageError(
            f"the terminal interface needs a terminal; without one use `{instead}`",
            code="no-terminal",
        )
    if os.environ.get("TERM", "") in ("", "dumb"):
        raise UsageError(
            "this terminal cannot place a cursor (TERM is "
            f"{os.environ.get('TERM') or 'not set'}); use `{instead}`, or set TERM",
            code="no-terminal",
        )
    return look(os.environ)


def is_lost() -> bool:
    """Return whether the terminal has hung up, as when an SSH session drops."""
    import termios

    try:
        termios.tcgetattr(sys.__stdin__ or 0)
    except termios.error:
        return True
    return False


def look(environ: Mapping[str, str]) -> Terminal:
    """Return what the environment says of the terminal."""
    term = environ.get("TERM", "")
    return Terminal(
        unicode=speaks_unicode(_as_started(environ)),
        color=not environ.get("NO_COLOR") and not _MONOCHROME.fullmatch(term),
        many_colors="256color" in term
        or "kitty" in term
        or environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"),
        remote="SSH_CONNECTION" in environ or "SSH_TTY" in environ,
        tmux="TMUX" in environ,
    )


def speaks_unicode(environ: Mapping[str, str]) -> bool:
    """Return whether the locale that was asked for is a UTF-8 one, installed here or not.

    POSIX: LC_ALL overrides LC_CTYPE, which overrides LANG; an empty one counts as not set.
    """
    asked = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or "C"
    return "utf8" in asked.lower().replace("-", "")


def _as_started(environ: Mapping[str, str]) -> Mapping[str, str]:
    """The environment before Python itself set LC_CTYPE, as it does in a C locale (PEP 538)."""
    if environ is not os.environ or not sys.flags.utf8_mode:
        return environ
    first = _first_environment()
    return {**environ, "LC_CTYPE": first.get("LC_CTYPE", "")} if first is not None else environ


@lru_cache(maxsize=1)
def _first_environment() -> Mapping[str, str] | None:
    try:
        with open("/proc/self/environ", "rb") as file:
            entries = file.read().split(b"\0")
    except OSError:
        return None
    pairs = (os.fsdecode(entry).partition("=") for entry in entries)
    return {name: value for name, _, value in pairs}
