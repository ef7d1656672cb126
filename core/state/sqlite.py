"""The SQLite database of a state directory: how it is opened, laid out, and what it refuses."""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from ..errors import StateError
from .directory import DATABASE, FILE_MODE, open_file, refuse_network_filesystem
from .space import is_full, no_space

_PATIENCE = 30.0  # seconds that one writer waits for another

REPAIR = "pysteward repair makes it again"

_MIGRATIONS = (
    """
    CREATE TABLE bundles (
        digest TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        size INTEGER NOT NULL,
        added TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE environments (
        id TEXT PRIMARY KEY,
        path TEXT NOT NULL,
        python TEXT NOT NULL,
        executable TEXT NOT NULL,
        installer TEXT NOT NULL,
        created TEXT NOT NULL,
        last_used TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE content (
        name TEXT PRIMARY KEY,
        bundle TEXT NOT NULL REFERENCES bundles(digest),
        request TEXT NOT NULL,
        python TEXT,
        executable TEXT,
        rule TEXT,
        environment TEXT REFERENCES environments(id) ON DELETE SET NULL,
        build TEXT NOT NULL,
        created TEXT NOT NULL,
        updated TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE builds (
        id TEXT PRIMARY KEY,
        content TEXT NOT NULL,
        bundle TEXT NOT NULL,
        outcome TEXT NOT NULL,
        reused INTEGER NOT NULL,
        python TEXT,
        executable TEXT,
        rule TEXT,
        environment TEXT,
        environment_path TEXT,
        started TEXT NOT NULL,
        finished TEXT
    ) WITHOUT ROWID;
    CREATE INDEX builds_of_content ON builds(content, id);
    CREATE INDEX builds_running ON builds(id) WHERE outcome = 'running';
    """,
    """
    ALTER TABLE content ADD COLUMN previous TEXT REFERENCES environments(id) ON DELETE SET NULL;
    ALTER TABLE content ADD COLUMN put_back TEXT;
    """,
    """
    CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        content TEXT NOT NULL,
        kind TEXT NOT NULL,
        outcome TEXT NOT NULL,
        starts TEXT,
        environment TEXT,
        started TEXT NOT NULL,
        finished TEXT
    ) WITHOUT ROWID;
    CREATE INDEX runs_of_content ON runs(content, id);
    """,
    """
    ALTER TABLE content ADD COLUMN origin TEXT;
    ALTER TABLE content ADD COLUMN deployed TEXT;
    """,
)


class Opened(NamedTuple):
    """A database. refusal: why the caller may not change it; None where it may."""

    connection: sqlite3.Connection
    path: Path
    refusal: StateError | None


def connect(state_dir: Path) -> Opened:
    """Return the database of a state directory: to be changed by users who may write it, else to be
    read. On a full disk it can be read.

    Where there is none, a user who may not make one gets an empty one.

    Raises StateError for a network filesystem, a damaged file, one of a newer pysteward, and where
    there is none though content was deployed (state-lost).
    """
    refuse_network_filesystem(state_dir)
    path = state_dir / DATABASE
    with explained(path):
        size = path.stat().st_size if path.exists() else 0
        if size == 0:
            _refuse_lost(state_dir)
        refusal = None
        if not os.access(state_dir, os.W_OK) or (size and not os.access(path, os.W_OK)):
            refusal = _only_looks(path)
            connection = _connect_to_look(path) if size else _empty(path)
        else:
            try:
                connection = _connect(path)
            except (sqlite3.OperationalError, OSError):
                if not size or not is_full(state_dir):
                    raise
                refusal = no_space(path)
                connection = _connect_to_look(path, has_index=_has_unwritten(path))
        _refuse_newer(connection, path)
    return Opened(connection, path, refusal)


@contextmanager
def explained(path: Path) -> Generator[None]:
    """What SQLite or the system refuses, as an error that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        text = str(error)
        if "full" in text or is_full(path.parent):
            raise no_space(path) from None
        if "locked" in text:
            message = f"another program has it locked for over {_PATIENCE:.0f} s"
            raise StateError(message, code="state-busy", file=path) from None
        raise StateError(
            f"the database cannot be used: {text}; {REPAIR}", code="state-damaged", file=path
        ) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise no_space(error.filename or path) from None
        raise StateError(
            f"the state directory cannot be used: {error.strerror}",
            code="state-unusable",
            file=error.filename or path,
        ) from None


def connect_new(path: Path) -> sqlite3.Connection:
    """Return the connection of a new file, with the tables; what is written is on disk once that is
    closed. Raises OSError, sqlite3.Error."""
    os.close(open_file(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE_MODE))
    connection = _connect(path)
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def why_damaged(path: Path) -> str | None:
    """Return what SQLite finds wrong with a database, in its words; None where it is sound.

    Raises OSError.
    """
    try:
        # On a full disk the index of the write-ahead log cannot be made.
        has_index = _has_unwritten(path) if is_full(path.parent) else None
        connection = _connect_to_look(path, has_index=has_index)
        try:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(1)")]
            found += [
                f"{row[0]} refer to rows of {row[2]} that are missing"
                for row in connection.execute("PRAGMA foreign_key_check").fetchmany(1)
            ]
            if _schema_of(connection) == 0:
                return "it has no tables"
            for table in ("bundles", "environments", "content", "builds"):
                connection.execute(f"SELECT 1 FROM {table} LIMIT 1")
        finally:
            connection.close()
    except sqlite3.Error as error:
        return str(error)
    wrong = [text for text in found if text != "ok"]
    return wrong[0] if wrong else None


def _connect(path: Path) -> sqlite3.Connection:
    if not path.exists():
        os.close(open_file(path, os.O_RDWR | os.O_CREAT, FILE_MODE))
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    if _schema_of(connection) < len(_MIGRATIONS):
        _write_ahead(connection)
        _migrate(connection, path)
    return connection


def _connect_to_look(path: Path, *, has_index: bool | None = None) -> sqlite3.Connection:
    """Connect without writing.

    A database in WAL mode without its shared memory file can only be read by who may write, unless
    it is declared immutable; and so it is: no writer has it open.
    has_index: whether it has that file; None: look.
    """
    if has_index is None:
        has_index = path.with_name(f"{path.name}-shm").exists()
    address = f"{path.absolute().as_uri()}?{'mode=ro' if has_index else 'immutable=1'}"
    connection = sqlite3.connect(address, timeout=_PATIENCE, isolation_level=None, uri=True)
    if 0 < _schema_of(connection) < len(_MIGRATIONS):
        return _brought_up(connection, path)
    return connection


def _has_unwritten(path: Path) -> bool:
    """Return whether something stands in the write-ahead log only."""
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size > 0
    except OSError:
        return False


def _brought_up(old: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """Return a copy in memory with the tables of this version."""
    connection = _in_memory()
    with closing(old):
        old.backup(connection)
    _migrate(connection, path)
    return connection


def _empty(path: Path) -> sqlite3.Connection:
    connection = _in_memory()
    _migrate(connection, path)
    return connection


def _in_memory() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)


def _only_looks(path: Path) -> StateError:
    return StateError(
        "the state directory may only be looked at: ask its owner, or choose another with "
        "--state-dir",
        code="state-read-only",
        file=path,
    )


def _refuse_lost(state_dir: Path) -> None:
    """Raise StateError where there was a database: content or a build is recorded."""
    for pattern in ("content/*.json", "builds/*/build.json"):
        if next(state_dir.glob(pattern), None) is not None:
            raise StateError(
                f"the database is gone, but content and builds are recorded; {REPAIR}",
                code="state-lost",
                file=state_dir / DATABASE,
            )


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to a write-ahead log; while another does the same, SQLite does not wait by itself."""
    give_up = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.005)


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for statements in _MIGRATIONS[_schema_of(connection) :]:
        for statement in filter(str.strip, statements.split(";")):
            connection.execute(statement)
    _refuse_newer(connection, path)
    connection.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")
    connection.execute("COMMIT")


def _schema_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _refuse_newer(connection: sqlite3.Connection, path: Path) -> None:
    if _schema_of(connection) > len(_MIGRATIONS):
        raise StateError(
            "the database was written by a newer pysteward: use that one, or another --state-dir",
            code="state-newer",
            file=path,
        )
