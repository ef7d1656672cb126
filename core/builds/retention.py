"""Which records of builds are kept, and the removal of the others (setting ``keep-builds``)."""

from __future__ import annotations

import contextlib
import re
import time
from collections import Counter
from pathlib import Path

from ..errors import StateError
from ..file_io import read_regular
from ..settings import Retention
from ..state import BuildRow, Database, open_database
from ..times import seconds_of
from .interrupted import current_build
from .listing import find, find_run, remove_files
from .record import Record

_PLANS = "upgrades/*.json"  # of core/upgrades, which this room does not know
_LARGEST_PLAN = 64 * 1024 * 1024
_ID = re.compile(rb'"(\d{8}-\d{9}-[0-9a-f]{4})"')
_AT_ONCE = 200
"""How many records one deploy removes; the next one goes on."""


def why_needed(state_dir: Path, store: Database) -> dict[str, str]:
    """Return the builds that are needed, each with the reason, a clause."""
    needed = dict.fromkeys(_planned(state_dir), "the plan of an upgrade names it")
    used = {
        content.name: {content.environment: "runs on", content.previous: "can be rolled back to"}
        for content in store.content()
    }
    newest: set[str] = set()
    succeeded: set[tuple[str, str | None]] = set()
    for row in store.builds():  # the newest first
        verb = used.get(row.content, {}).get(row.environment)
        if row.outcome == "running" and _is_alive(state_dir, row):
            needed[row.id] = "it is running"
        elif row.content not in newest:
            needed.setdefault(row.id, f"it is the newest build of {row.content}")
        elif row.outcome == "succeeded" and (row.content, None) not in succeeded:
            needed.setdefault(row.id, f"it is the newest build of {row.content} that succeeded")
        elif (
            row.outcome == "succeeded"
            and verb is not None
            and row.environment is not None
            and (row.content, row.environment) not in succeeded
        ):
            needed.setdefault(row.id, f"{row.content} {verb} its environment")
        newest.add(row.content)
        if row.outcome == "succeeded":
            succeeded |= {(row.content, None), (row.content, row.environment)}
    return needed


def remove_build(state_dir: Path, build: str, *, force: bool = False) -> None:
    """Remove a build's record. force: even if it is needed.

    Raises as `find`, and StateError (``build-running``, ``build-needed``).
    """
    record = find(state_dir, build)
    if record.build().is_running:
        raise StateError(f"build {record.id} still runs: cancel it first", code="build-running")
    with open_database(state_dir) as store:
        reason = None if force else why_needed(state_dir, store).get(record.id)
        if reason is not None:
            raise StateError(
                f"build {record.id} is kept: {reason}; --force removes it", code="build-needed"
            )
        _remove(state_dir, store, [record.id])


def remove_run(state_dir: Path, run: str) -> None:
    """Remove a run's record. Raises as `find_run`, and StateError (``build-running``)."""
    record = find_run(state_dir, run)
    if not current_build(state_dir, record).is_run:
        remove_build(state_dir, record.id)
        return
    if record.build().is_running:
        raise StateError(f"run {record.id} still runs: cancel it first", code="build-running")
    with open_database(state_dir) as store, store.change():
        store.remove_run(record.id)
    remove_files(state_dir, [record.directory], ())


def prune_builds(state_dir: Path, keep: Retention) -> tuple[str, ...]:
    """Remove the records beyond a limit; return their ids. Raises StateError, OSError."""
    with open_database(state_dir) as store:
        if not store.writable:
            return ()
        beyond = _beyond(store.builds(), keep)
        if not beyond:
            return ()
        needed = why_needed(state_dir, store)
        removed = [build for build in beyond if build not in needed][:_AT_ONCE]
        if removed:
            _remove(state_dir, store, removed)
    return tuple(removed)


def _beyond(rows: tuple[BuildRow, ...], keep: Retention) -> list[str]:
    """Return the builds beyond the limit, the oldest first. rows: the newest first."""
    oldest = None if keep.age is None else time.time() - keep.age
    counted: Counter[str] = Counter()
    beyond: list[str] = []
    for row in rows:
        counted[row.content] += 1
        too_many = keep.number is not None and counted[row.content] > keep.number
        too_old = oldest is not None and seconds_of(row.started) < oldest
        if too_many or too_old:
            beyond.append(row.id)
    return beyond[::-1]


def _remove(state_dir: Path, store: Database, builds: list[str]) -> None:
    with store.change():
        for build in builds:
            store.remove_build(build)
        unused = store.remove_unused_bundles()
    remove_files(state_dir, [state_dir / "builds" / build for build in builds], unused)


def _is_alive(state_dir: Path, row: BuildRow) -> bool:
    return Record(state_dir / "builds" / row.id).is_alive()


def _planned(state_dir: Path) -> set[str]:
    """Return the builds that plans of upgrades name."""
    found: set[str] = set()
    for path in state_dir.glob(_PLANS):
        with contextlib.suppress(OSError):
            found.update(map(bytes.decode, _ID.findall(read_regular(path, _LARGEST_PLAN))))
    return found
