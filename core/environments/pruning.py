"""Remove unneeded environments: first a plan, which changes nothing, then the removal."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ..errors import StateError
from ..frozen import frozen
from ..removal import ASIDE, Remainder, remove_completely, remove_tree
from ..state import Database, forget_lock, hold, lacks_space, make_directory
from ..times import seconds_of
from .completion import forget_completion
from .listing import REMOVED, Environment
from .marker import invalidate
from .spec import state_dir_of


@frozen
class Criteria:
    """Which environments may go; one that meets any of them does.

    unused: no content uses it. older_than: last used so many seconds ago. python_gone: its
    interpreter is not there any more. configured: real paths of the configured interpreters; given,
    a Python that is none of them counts as gone as well.
    even_used: also those that content uses, which is then without one until it is rebuilt, and
    those that content can be put back on.

    What an interrupted build left behind, and records of what is not there, may always go.
    """

    unused: bool = False
    older_than: float | None = None
    python_gone: bool = False
    configured: Collection[str] | None = None
    even_used: bool = False


@frozen
class Removal:
    """One environment that is to be removed. reason: one sentence."""

    environment: Environment
    reason: str


@frozen
class PrunePlan:
    """What would be removed, and what meets a criterion and stays all the same, and why."""

    removals: tuple[Removal, ...]
    kept: tuple[Removal, ...]


@frozen
class Removed:
    """What became of one removal. refused: why it was not done; None where it was."""

    environment: Environment
    refused: str | None = None


def plan_prune(environments: Sequence[Environment], criteria: Criteria, now: float) -> PrunePlan:
    """Decide; nothing is changed. now: seconds since 1970."""
    running = _running(environments)
    removals: list[Removal] = []
    kept: list[Removal] = []
    for environment in environments:
        reason = _reason(environment, criteria, now)
        if reason is None:
            continue
        objection = _objection(environment, criteria, running)
        if objection is None:
            removals.append(Removal(environment, reason))
        else:
            kept.append(Removal(environment, objection))
    return PrunePlan(tuple(removals), tuple(kept))


def prune(
    removals: Sequence[Removal], store: Database, *, even_used: bool = False
) -> Iterator[Removed]:
    """Carry out a plan, one environment after the other; each result as it is there.

    What has changed since the plan (a build began, content took it into use) is left alone.
    """
    for removal in removals:
        yield remove(removal.environment, store, even_used=even_used)


def remove(environment: Environment, store: Database, *, even_used: bool = False) -> Removed:
    """Remove one environment, unless a build is at work in it or content needs it.

    even_used: it goes even if content uses it or can be rolled back to it; else that is asked again
    under its lock.

    It is renamed first, at once and as a whole, so that no process finds half of it; the disk space
    is freed after its lock. Raises StateError where the database cannot be written.
    """
    path = environment.path
    try:
        with hold(path, wait=False) as held:
            if not held:
                return Removed(environment, "a build is at work in it")
            needed = None if even_used else _needed(_as_recorded(environment, store))
            if needed is not None:
                return Removed(environment, needed)
            moved = _move_away(path)
            forget_completion(path)
            _forget_row(environment.identity, store)
            forget_lock(path)
        if moved is not None:
            remove_completely(moved)
    except OSError as error:
        return Removed(environment, f"{error.strerror}: {error.filename}")
    return Removed(environment)


def clear_removed(state_dir: Path) -> tuple[Remainder, ...]:
    """Free the room of what was renamed away when a removal was interrupted, and of what was put
    aside. Returns what cannot be removed."""
    found: list[Remainder] = []
    for directory in (state_dir / "environments" / REMOVED, state_dir / ASIDE):
        if directory.is_dir():
            found += filter(None, map(remove_tree, directory.iterdir()))
    return tuple(found)


def _move_away(path: Path) -> Path | None:
    """Its new path, where no process looks for environments; None where it is missing.

    On a full disk, where that directory cannot be made, it stays: without its marker it is nothing.
    """
    if not path.exists():
        return None
    try:
        directory = make_directory(state_dir_of(path) / "environments" / REMOVED)
    except OSError as error:
        if not lacks_space(error):
            raise
        invalidate(path)
        return path
    moved = directory / f"{path.name}-{os.getpid()}-{os.urandom(4).hex()}"
    os.rename(path, moved)
    return moved


def _forget_row(identity: str, store: Database) -> None:
    """Remove an environment from the database.

    On a full disk it stays there and is listed as missing, which the next pruning puts right: what
    makes room must not need any.
    """
    try:
        with store.change():
            store.remove_environment(identity)
    except StateError as error:
        if error.code != "no-space":
            raise


def _reason(environment: Environment, criteria: Criteria, now: float) -> str | None:
    """Return why it may go; None where it meets no criterion."""
    if environment.state == "building":
        return None
    if environment.state == "missing":
        return "it is recorded but not there"
    if environment.state == "incomplete":
        return "a build was interrupted and left it incomplete"
    if criteria.python_gone and (gone := _python_gone(environment, criteria.configured)):
        return gone
    if criteria.unused and not environment.used_by:
        return "no content uses it"
    if criteria.older_than is not None and environment.last_used is not None:
        age = now - seconds_of(environment.last_used)
        if age > criteria.older_than:
            return f"last used {int(age // 86400)} days ago"
    return None


def _python_gone(environment: Environment, configured: Collection[str] | None) -> str | None:
    marker = environment.marker
    interpreter = marker.interpreter if marker else environment.executable
    if interpreter is None:
        return None
    if not os.path.exists(interpreter):
        return f"its Python {environment.python} is gone: {interpreter}"
    if configured is not None and os.path.realpath(interpreter) not in configured:
        return f"its Python {environment.python} is not configured any more: {interpreter}"
    return None


def _objection(
    environment: Environment, criteria: Criteria, running: dict[Path, int]
) -> str | None:
    """Return why it stays though it meets a criterion; None where nothing speaks for that."""
    if not criteria.even_used and environment.state != "incomplete":
        needed = _needed(environment)
        if needed is not None:
            return needed
    if environment.path in running:
        return f"process {running[environment.path]} runs in it"
    return None


def _needed(environment: Environment) -> str | None:
    """Return what content would lose with it; None where nothing."""
    if environment.used_by:
        return f"used by {', '.join(environment.used_by)}"
    marker = environment.marker
    # Nothing is put back on an environment that is not complete or has lost its Python.
    if environment.previous_of and marker is not None and os.path.exists(marker.interpreter):
        names = ", ".join(environment.previous_of)
        return f"{names} can be put back on it (pysteward content rollback)"
    return None


def _as_recorded(environment: Environment, store: Database) -> Environment:
    """Return the same, with the content that needs it now."""
    identity = environment.identity
    return replace(
        environment, used_by=store.users_of(identity), previous_of=store.previous_of(identity)
    )


def _running(environments: Sequence[Environment]) -> dict[Path, int]:
    """Return the environments whose interpreter runs right now, with one of the processes; those of
    other users are seen as well, only what they keep hidden is not."""
    by_name = {environment.identity: environment.path for environment in environments}
    found: dict[Path, int] = {}
    try:
        numbers = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return found
    for number in numbers:
        try:
            with open(f"/proc/{number}/cmdline", "rb") as file:
                program = os.fsdecode(file.read(4096).split(b"\0")[0])
        except OSError:
            continue
        for part in Path(program).parts:
            if part in by_name and program.startswith(f"{by_name[part]}/"):
                found[by_name[part]] = number
    return found
