"""The fewest changes that make one list of another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..frozen import frozen


@frozen
class ListChange:
    """Items ``start`` to ``end`` of the old list become ``items``."""

    start: int
    end: int
    items: tuple[str, ...]


def changes(have: Sequence[str], want: Sequence[str]) -> Iterator[ListChange]:
    """Yield the changes from one list to the other, from the first to the last."""
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, have, want, autojunk=False)
    for kind, start, end, want_start, want_end in matcher.get_opcodes():
        if kind != "equal":
            yield ListChange(start, end, tuple(want[want_start:want_end]))
