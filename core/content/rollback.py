"""Content back on its previous environment: whether that is possible, and doing it."""

from __future__ import annotations

import os
from pathlib import Path

from ..builds import Content, find_content, put_content_lock
from ..environments import complete
from ..errors import StateError
from ..frozen import frozen
from ..state import hold, open_database


@frozen
class RollbackTarget:
    """What content can be rolled back to.

    python, executable: of its previous environment; None where content cannot be rolled back.
    why_not: the reason, a clause; code: of the error that says it.
    """

    python: str | None = None
    executable: str | None = None
    why_not: str | None = None
    code: str | None = None


def rollback_target(content: Content) -> RollbackTarget:
    """Return what content can be rolled back to, or why it cannot."""
    previous = content.previous
    if content.outcome == "running":
        return RollbackTarget(why_not="it is being built", code="build-running")
    if previous is None or previous.id is None:
        return RollbackTarget(why_not="it has no previous environment", code="nothing-to-put-back")
    marker = complete(Path(previous.path))
    if marker is None:
        return RollbackTarget(
            why_not=f"its previous environment is not complete any more: {previous.path}",
            code="previous-gone",
        )
    if not os.path.exists(marker.interpreter):
        return RollbackTarget(
            why_not=f"Python {marker.python} of its previous environment is gone: "
            f"{marker.interpreter}",
            code="previous-gone",
        )
    return RollbackTarget(str(marker.python), marker.executable)


def roll_back(state_dir: Path, name: str) -> Content:
    """Switch content to its previous environment; done twice, it is undone.

    It stays there until it is deployed or rebuilt.
    Raises: StateError (``content-unknown``, ``build-running``, ``nothing-to-put-back``,
    ``previous-gone``).
    """
    content = find_content(state_dir, name)
    previous = content.previous
    if previous is None:
        raise _refused(name, rollback_target(content))
    with hold(Path(previous.path), shared=True, wait=False) as is_held:
        target = rollback_target(content)
        if not is_held and target.why_not is None:
            target = RollbackTarget(
                why_not="its previous environment is being changed", code="previous-gone"
            )
        if target.python is None or target.executable is None:
            raise _refused(name, target)
        with open_database(state_dir) as store:
            built = store.builds(content=name)
            rules = [row.rule for row in built if row.environment == previous.id and row.rule]
            with store.change():
                store.put_back(name, target.python, target.executable, next(iter(rules), "exact"))
        put_content_lock(state_dir, name, Path(previous.path))
    return find_content(state_dir, name)


def _refused(name: str, target: RollbackTarget) -> StateError:
    return StateError(f"cannot roll back {name!r}: {target.why_not}", code=target.code)
