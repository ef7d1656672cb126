"""What the settings have become since a build was asked for: what a new one would do otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..builds import Asked
    from ..settings import Settings

_MOST = 5


def changes_since(asked: Asked, settings: Settings) -> tuple[str, ...]:
    """Return one line for each setting that would make the same build another one today."""
    if asked.kind == "build-python":
        return ()  # none of them had a say in it
    changes = [
        f"{name} was {before}, is {now}"
        for name, before, now in (
            ("matching", asked.matching, settings.version_matching),
            ("environment-creator", asked.creator, settings.environment_creator),
            ("installer", asked.installer, settings.installer),
        )
        if before != now
    ]
    before, now = frozenset(asked.prohibited), frozenset(settings.effective_prohibited)
    if now - before:
        changes.append(f"prohibited since: {_some(now - before)}")
    if before - now:
        changes.append(f"no longer prohibited: {_some(before - now)}")
    return tuple(changes)


def _some(names: frozenset[str]) -> str:
    """Return the first names, and how many more there are."""
    first, more = sorted(names)[:_MOST], len(names) - _MOST
    return ", ".join(first) + (f" and {more} more" if more > 0 else "")
