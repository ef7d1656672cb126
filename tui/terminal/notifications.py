"""Notifications of the terminal itself, which may appear on the desktop of who uses it."""

from __future__ import annotations

from ...core.safe_text import safe_line

_LONGEST = 200  # characters


def notification(how: str, text: str, *, tmux: bool) -> str:
    """Return the sequence that has a terminal show a text.

    how: ``osc9`` (iTerm2, Windows Terminal) or ``osc777`` (urxvt, foot, VTE).
    text: may be untrusted. tmux: hands the sequence on to the terminal outside.
    """
    shown = safe_line(text, _LONGEST).replace(";", ",")
    body = f"9;{shown}" if how == "osc9" else f"777;notify;pysteward;{shown}"
    sequence = f"\x1b]{body}\x07"
    if tmux:
        return f"\x1bPtmux;\x1b{sequence}\x1b\\"
    return sequence
