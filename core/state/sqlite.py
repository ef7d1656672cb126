"""The SQLite database of a state directory: how it is opened, laid out, and what it refuses."""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ..errors import StateError
from .directory import FILE_MODE, open_file, refuse_network_filesystem

NAME = "pysteward.sqlite3"

_PATIENCE = 30.0  # seconds that one writer waits for another

_ROOM = 128 * 1024  # bytes: the write-ahead log's index alone takes 32 KiB

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
)


class Opened(NamedTuple):
    """A database. writable: whether the caller may change it."""

    connection: sqlite3.Connection
    path: Path
    writable: bool


def connect(state_dir: Path) -> Opened:
    """Return the database of a state directory: to be changed by users who may write it, else to be
    read.

    Where there is none, a user who may not make one gets an empty one.

    Raises StateError for a network filesystem, a damaged file, or one of a newer pysteward.
    """
    refuse_network_filesystem(state_dir)
    path = state_dir / NAME
    with explained(path):
        if path.exists():
            writable = os.access(path, os.W_OK) and os.access(state_dir, os.W_OK)
            connection = _connect(path) if writable else _connect_to_look(path)
        elif writable := os.access(state_dir, os.W_OK):
            os.close(open_file(path, os.O_RDWR | os.O_CREAT, FILE_MODE))
            connection = _connect(path)
        else:
            connection = sqlite3.connect(":memory:", isolation_level=None)
            _migrate(connection, path)
        _refuse_newer(connection, path)
    return Opened(connection, path, writable)


@contextmanager
def explained(path: Path) -> Generator[None]:
    """What SQLite or the system refuses, as an error that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        text = str(error)
        if "full" in text or _is_full(path.parent):
            message, code = "the disk is full: make room and try again", "no-space"
        elif "locked" in text:
            message, code = (
                f"another program has it locked for over {_PATIENCE:.0f} s",
                "state-busy",
            )
        else:
            message, code = f"the database cannot be used: {text}", "state-damaged"
        raise StateError(message, code=code, file=path) from None
    except OSError as error:
        raise StateError(
            f"the state directory cannot be used: {error.strerror}",
            code="no-space" if error.errno == errno.ENOSPC else "state-unusable",
            file=error.filename or path,
        ) from None


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    if _schema_of(connection) < len(_MIGRATIONS):
        _write_ahead(connection)
        _migrate(connection, path)
    return connection


def _connect_to_look(path: Path) -> sqlite3.Connection:
    # A database in WAL mode without its shared memory file can only be read by who may write,
    # unless it is declared immutable; and so it is: no writer has it open.
    is_open = path.with_name(f"{NAME}-shm").exists()
    address = f"{path.absolute().as_uri()}?{'mode=ro' if is_open else 'immutable=1'}"
    return sqlite3.connect(address, timeout=_PATIENCE, isolation_level=None, uri=True)


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


def _is_full(folder: Path) -> bool:
    """Return whether a disk has no room for a database to work in; SQLite calls that an I/O error,
    too."""
    try:
        status = os.statvfs(folder)
    except OSError:
        return False
    return status.f_bavail * status.f_frsize < _ROOM
