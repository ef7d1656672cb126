"""Esc and a key after it are two keys, also where they come as one.

tmux, screen and slow lines hold Esc back for up to half a second, since it may begin a sequence,
and pass it on together with what was typed meanwhile. Textual takes that for Alt and a key, or for
Option on macOS, and so for one that nothing is bound to: both would be lost.

Nothing here is bound to Alt. Terminals that tell it from Esc (kitty's protocol) are not concerned,
nor are Esc b and Esc f, by which others say that one moves by a word.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual._xterm_parser import XTermParser

# Textual takes these for other characters, as some terminals on macOS mean them.
_OPTION = {f"\x1b{character}": character for character in "1234567890-="}

# Textual has no public place where a sequence becomes keys.
_keys_of = XTermParser._sequence_to_key_events  # pyright: ignore[reportPrivateUsage] - see above


def take_esc_and_key_for_two() -> None:
    """From now on, in this process."""
    XTermParser._sequence_to_key_events = _as_two  # pyright: ignore[reportPrivateUsage] - see above


def _as_two(self: XTermParser, sequence: str, alt: bool = False) -> Iterable[events.Key]:
    """Yield what a sequence means; alt: whether Esc came before it."""
    if alt or sequence in _OPTION:
        yield events.Key("escape", "\x1b")
    yield from _keys_of(self, _OPTION.get(sequence, sequence))
