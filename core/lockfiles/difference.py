"""What two locks install differently, package by package."""

from __future__ import annotations

from ..frozen import frozen
from .model import Lock, hashes_of


@frozen
class LockChange:
    """One package that differs.

    before, after: its version; None where it is not installed, empty where none is known. The two
    are equal where the same version comes as another file.
    """

    name: str
    before: str | None
    after: str | None

    @property
    def summary(self) -> str:
        """One clause, such as ``1.0 -> 1.1``."""
        if self.before is None:
            return f"new: {self.after}"
        if self.after is None:
            return f"{self.before} goes"
        if self.before == self.after:
            return f"{self.after}, another file"
        return f"{self.before} -> {self.after}"


def compare_locks(before: Lock, after: Lock) -> tuple[LockChange, ...]:
    """Return the packages that differ, sorted by name.

    Of a version whose files are known on both sides, a common one is enough to be the same.
    """
    old, new = _contents(before), _contents(after)
    changes: list[LockChange] = []
    for name in sorted({*old, *new}):
        was, now = old.get(name), new.get(name)
        if was is None or now is None or not _is_same(was, now):
            changes.append(
                LockChange(name, None if was is None else was[0], None if now is None else now[0])
            )
    return tuple(changes)


def _is_same(was: tuple[str, frozenset[str]], now: tuple[str, frozenset[str]]) -> bool:
    files_differ = was[1] and now[1] and not was[1] & now[1]
    return was[0] == now[0] and not files_differ


def _contents(lock: Lock) -> dict[str, tuple[str, frozenset[str]]]:
    known = {
        str(each.name): (str(each.version or ""), frozenset(hashes_of(each)))
        for each in lock.pylock.packages
    }
    return known | {name: (version, frozenset()) for name, version in lock.unlocked}
