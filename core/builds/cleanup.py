"""Remove orphaned records and bundles that a killed client or a full disk left behind.

A client that is killed between two files leaves a directory in ``builds/`` that tells of no build;
a deploy that fails before it is recorded leaves the bundle that it has kept. Neither is in the
database, so no list shows it. A record that tells of a build and is not listed is not cleared away:
records are the truth, so it is listed.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

from ..bundles import DIRECTORY as BUNDLES
from ..errors import StewardError
from ..frozen import frozen
from ..removal import ASIDE, remove_or_put_aside, remove_tree
from ..running import remove_left_workplaces
from ..state import Database, lock_now, open_database
from .interrupted import close_interrupted
from .record import Record, remove_work
from .record_writer import row_of

LEFT_FOR = 3600.0
"""Seconds that something is left alone. It is for clocks and people: who works holds a lock."""

_RECORD = re.compile(r"\d{8}-\d{9}-[0-9a-f]{4}")
_BUNDLE = re.compile(r"([0-9a-f]+)\.tar(?:\.gz)?")
_HALF_A_BUNDLE = ".bundle-"
_SET_ASIDE = ".sweep-"


@frozen
class Orphan:
    """An orphaned record or bundle. size: bytes. reason: one sentence."""

    path: Path
    size: int
    reason: str


def find_orphans(state_dir: Path, store: Database, *, left_for: float = LEFT_FOR) -> list[Orphan]:
    """Return what a sweep would clear away; nothing is changed. left_for: seconds."""
    before = time.time() - left_for
    found = [
        Orphan(directory, _size(directory), "its deploy was killed before it was begun")
        for directory, record in _unlisted(state_dir, store)
        if _is_older(directory, before) and not record.is_begun and not record.is_alive()
    ]
    if not _is_somebody_about(state_dir, store):
        found += [
            Orphan(path, _size(path), "no content and no build has this bundle")
            for path in _unclaimed(state_dir, store, before)
        ]
    return found


def clean_up(state_dir: Path, *, left_for: float = LEFT_FOR) -> list[Orphan]:
    """Clear it away; returns what has gone. Records that no list shows are listed from now on.

    Whatever is in use, or stands in the way, stays. Raises StateError where the database cannot be
    read.
    """
    gone: list[Orphan] = []
    with open_database(state_dir) as store:
        if not store.writable:
            return gone
        for leftover in find_orphans(state_dir, store, left_for=left_for):
            remove = _remove_bundle if leftover.path.is_file() else _remove_record
            with contextlib.suppress(OSError):
                if remove(leftover.path, store):
                    gone.append(leftover)
        _list_unlisted(state_dir, store, time.time() - left_for)
    _remove_left_work(state_dir)
    _remove_left_runs(state_dir, time.time() - left_for)
    remove_left_workplaces()
    return gone


def _remove_left_work(state_dir: Path) -> None:
    """Remove the temporary files of finished builds whose worker was killed while it did so: pip's
    own log, with its secrets, is among them. And the caches that builds shared in earlier versions,
    which a package's code may have written."""
    for work in (*state_dir.glob("builds/*/work"), *state_dir.glob("runs/*/work")):
        record = Record(work.parent)
        with contextlib.suppress(OSError, StewardError):
            if (lock := lock_now(record.lock, make=False)) is not None:
                try:
                    if record.read().finished:
                        remove_work(record)
                finally:
                    os.close(lock)
    for cache in (state_dir / "cache").glob("packages*"):
        remove_tree(cache)


def _remove_left_runs(state_dir: Path, before: float) -> None:
    """Remove the records of runs whose client was killed before it had begun them."""
    for directory in (state_dir / "runs").glob("[0-9]*"):
        if not Record(directory).is_begun and _is_older(directory, before):
            with contextlib.suppress(OSError):
                _remove_empty(directory)


def _remove_record(directory: Path, _: Database) -> bool:
    """Remove an empty record, unless a process works on it."""
    return _remove_empty(directory)


def _remove_empty(directory: Path) -> bool:
    record = Record(directory)
    try:
        lock = lock_now(record.lock, make=False)
    except FileNotFoundError:
        # Killed between the directory and its lock: no process can start anything in there.
        remove_or_put_aside(directory, directory.parent.parent / ASIDE)
        return True
    if lock is None:
        return False
    try:
        if not record.is_begun:
            remove_or_put_aside(directory, directory.parent.parent / ASIDE)
    finally:
        os.close(lock)
    return not directory.exists()


def _remove_bundle(path: Path, store: Database) -> bool:
    """Remove a bundle, unless a deploy takes it at this moment.

    A deploy holds its record's lock from before it looks for the bundle until the database knows
    that it has it. So after this has put the bundle aside, either it is seen, or it finds none.
    """
    aside = path.with_name(f"{_SET_ASIDE}{path.name}")
    os.rename(path, aside)
    state_dir = path.parent.parent
    if _is_somebody_about(state_dir, store) or _digest_of(path) in store.digests_in_use():
        os.rename(aside, path)
        return False
    aside.unlink()
    return True


def _list_unlisted(state_dir: Path, store: Database, before: float) -> None:
    """Have the database name the builds that it was not told of before their client was killed."""
    for directory, record in _unlisted(state_dir, store):
        if record.is_begun and _is_older(directory, before) and not record.is_alive():
            with contextlib.suppress(StewardError, OSError):  # a damaged record belongs to no build
                row = row_of(close_interrupted(record))
                with store.change():
                    store.put_build(row)


def _unlisted(state_dir: Path, store: Database) -> Iterator[tuple[Path, Record]]:
    """Yield the records that the database does not know."""
    known = store.ids_of_builds()
    with contextlib.suppress(FileNotFoundError), os.scandir(state_dir / "builds") as entries:
        for entry in entries:
            if entry.name not in known and _RECORD.fullmatch(entry.name):
                yield Path(entry.path), Record(Path(entry.path))


def _is_somebody_about(state_dir: Path, store: Database) -> bool:
    """Return whether a deploy is under way that the database does not know yet."""
    return any(record.is_alive() for _, record in _unlisted(state_dir, store))


def _unclaimed(state_dir: Path, store: Database, before: float) -> list[Path]:
    """Return the bundles that neither content nor a build has, and what is left of half a copy."""
    used = store.digests_in_use()
    try:
        files = sorted((state_dir / BUNDLES).iterdir())
    except FileNotFoundError:
        return []
    return [
        path
        for path in files
        if _is_older(path, before)
        and (
            path.name.startswith((_HALF_A_BUNDLE, _SET_ASIDE))
            or ((digest := _digest_of(path)) is not None and digest not in used)
        )
    ]


def _digest_of(path: Path) -> str | None:
    found = _BUNDLE.fullmatch(path.name)
    return None if found is None else found[1]


def _is_older(path: Path, moment: float) -> bool:
    try:
        return path.stat().st_mtime < moment
    except OSError:
        return False


def _size(path: Path) -> int:
    """Bytes of a file, or of the files in a directory; what cannot be seen counts nothing."""
    files = path.iterdir() if path.is_dir() else (path,)
    size = 0
    with contextlib.suppress(OSError):
        for file in files:
            size += file.lstat().st_size
    return size
