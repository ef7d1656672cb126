"""Which lock a build installs, and where the environment for it lies."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

from ..builds import Kind, build_lock, content_lock, find
from ..environments import Marker, beside, complete, complete_places
from ..errors import BuildError, LockError, StateError
from ..lockfiles import Conditions, Lock, read_lock
from ..state import Database

Resolving = Literal["if-needed", "never", "always"]
"""Whether requirements may be resolved: ``never`` with --locked, ``always`` with --refresh."""


class LockChoice(NamedTuple):
    """The lock to install; None: the requirements are resolved. notice: why a lock is not used."""

    lock: Lock | None = None
    text: str | None = None
    notice: str | None = None


def choose_lock(
    state_dir: Path,
    content: str,
    kind: Kind,
    conditions: Conditions,
    *,
    resolving: Resolving = "if-needed",
    retried: str | None = None,
) -> LockChoice:
    """Return the lock for a build of content.

    A rebuild or retry installs the lock that the content runs on; a new deploy resolves.
    conditions: of today; a lock that was made under others does not count.
    retried: the build that is tried again; if it left a lock, that is meant.

    Raises: BuildError (``no-lock``, ``lock-void``) with `resolving` ``never``.
    """
    if resolving == "always" or (kind == "deploy" and resolving != "never"):
        return LockChoice()
    text = _lock_of(state_dir, content, retried)
    if text is None:
        if resolving == "never":
            raise BuildError(
                f"content {content!r} has no lock: deploy it once without --locked", code="no-lock"
            )
        return LockChoice()
    try:
        lock = read_lock(text)
        made = lock.conditions
        why = (
            "it does not say for what" if made is None else "; ".join(made.differences(conditions))
        )
    except LockError as error:
        lock, why = None, error.message
    if lock is not None and not why:
        return LockChoice(lock, text)
    if resolving == "never":
        raise BuildError(
            f"the lock of {content!r} does not count: {why}; leave out --locked to resolve",
            code="lock-void",
        )
    return LockChoice(notice=f"the lock is not used: {why}; resolved afresh")


def find_place(
    base: Path, lock: Lock | None, store: Database, content: str
) -> tuple[Path, Marker | None]:
    """Return where the environment lies, and its marker where it is complete.

    base: the place of the identity's first lock. store: knows what uses an environment.
    Without a lock that is the one which content runs on, else the newest.
    """
    found = dict(complete_places(base))
    if lock is not None:
        digest = lock.digest
        for path, marker in found.items():
            if marker.locked == digest:
                return path, marker
        others = {*store.users_of(base.name), *store.previous_of(base.name)} - {content}
        is_free = base not in found and not others
        return (base if is_free else beside(base, digest)), None
    if len(found) > 1:
        row = next(iter(store.content(content)), None)
        own = base.with_name(row.environment) if row is not None and row.environment else None
        if own in found:
            return own, found[own]
    newest = max(found, key=lambda path: found[path].created, default=None)
    return (base, complete(base)) if newest is None else (newest, found[newest])


def _lock_of(state_dir: Path, content: str, retried: str | None) -> str | None:
    if retried is not None:
        try:
            text = build_lock(find(state_dir, retried))
        except StateError:
            text = None
        if text is not None:
            return text
    return content_lock(state_dir, content)
