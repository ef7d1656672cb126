"""What was deployed, its bundles, builds and environments: an SQLite database.

It is an index and never the only truth: a build's record is its folder, an environment is complete
by its marker. Whoever may read the state directory can look into it; only who may write changes it.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from .errors import StateError
from .state_dir import FILE_MODE, now, open_file, refuse_network_filesystem

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
)


@dataclass(frozen=True, slots=True)
class ContentRow:
    """A piece of content.

    bundle: the digest of its newest bundle. request: as written in that bundle.
    python, executable, rule: what was chosen when it was deployed; None where nothing matched.
    environment: the one that its last successful build made or reused; None before the first.
    build: its newest build. created, updated: RFC 3339, UTC.
    previous: the environment before this one, which it can be put back on; None: there is none.
    put_back: when it was put back on an earlier environment; None once it is built again.
    """

    name: str
    bundle: str
    request: str
    python: str | None
    executable: str | None
    rule: str | None
    environment: str | None
    build: str
    created: str
    updated: str
    previous: str | None = None
    put_back: str | None = None


@dataclass(frozen=True, slots=True)
class BuildRow:
    """A build, as far as lists show it; everything else is in its record."""

    id: str
    content: str
    bundle: str
    outcome: str
    reused: bool
    python: str | None
    executable: str | None
    rule: str | None
    environment: str | None
    environment_path: str | None
    started: str
    finished: str | None


@dataclass(frozen=True, slots=True)
class EnvironmentRow:
    """An environment that content uses or has used. last_used: the last deploy that took it."""

    id: str
    path: str
    python: str
    executable: str
    installer: str
    created: str
    last_used: str


@dataclass(frozen=True, slots=True)
class BundleRow:
    """A bundle that is kept. name: as it was called when it arrived; size: bytes as kept."""

    digest: str
    name: str
    size: int
    added: str


_Row = BundleRow | BuildRow | ContentRow | EnvironmentRow


class Store:
    """The database of one state directory; close it, or use it in a ``with``."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, writable: bool) -> None:
        self._connection = connection
        self.path = path
        self.writable = writable

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def change(self) -> Generator[None]:
        """All of it or nothing. Raises StateError where the database cannot be written."""
        if not self.writable:
            raise StateError(
                "the state directory may only be looked at: ask its owner, or choose another "
                "with --state-dir",
                code="state-read-only",
                file=self.path,
            )
        with _explained(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def put_bundle(self, row: BundleRow) -> None:
        """Record a bundle that is kept; one that is there already stays as it is."""
        self._put(row, conflict="DO NOTHING")

    def put_content(self, row: ContentRow) -> None:
        """Record content, or what became of it.

        When it was first deployed stays, and so does the environment before this one.
        """
        kept = ("name", "created", "previous")
        changed = ", ".join(
            f"{name} = excluded.{name}" for name in _columns(row) if name not in kept
        )
        self._put(row, conflict=f"(name) DO UPDATE SET {changed}")

    def put_build(self, row: BuildRow) -> None:
        changed = ", ".join(f"{name} = excluded.{name}" for name in _columns(row) if name != "id")
        self._put(row, conflict=f"(id) DO UPDATE SET {changed}")

    def put_environment(self, row: EnvironmentRow) -> None:
        """Record an environment, or that it was used again."""
        self._put(row, conflict="(id) DO UPDATE SET last_used = excluded.last_used")

    def use_environment(self, content: str, environment: str, build: str) -> None:
        """Content has a new environment, unless a newer build of it has been begun meanwhile."""
        self._connection.execute(
            "UPDATE content SET "
            "previous = CASE WHEN environment = ?1 THEN previous ELSE environment END, "
            "environment = ?1, updated = ?2 WHERE name = ?3 AND build = ?4",
            (environment, now(), content, build),
        )

    def put_back(self, content: str, python: str, executable: str, rule: str) -> None:
        """Content is on the environment before this one again, which this one now is."""
        self._connection.execute(
            "UPDATE content SET environment = previous, previous = environment, python = ?2, "
            "executable = ?3, rule = ?4, put_back = ?5, updated = ?5 WHERE name = ?1",
            (content, python, executable, rule, now()),
        )

    def content(self, name: str | None = None) -> tuple[ContentRow, ...]:
        """All content, or that of one name, sorted by name."""
        return tuple(
            ContentRow(*row) for row in self._select("content", {"name": name}, order="name")
        )

    def pythons_of_content(self) -> list[tuple[str, str, str, str | None, str | None]]:
        """Name, bundle, request, Python and executable of all content, sorted by name.

        For those who look at very much of it: plain rows take half the time.
        """
        columns = "name, bundle, request, python, executable"
        return self._rows(f"SELECT {columns} FROM content ORDER BY name", ())

    def builds(
        self, *, build: str | None = None, content: str | None = None, outcome: str | None = None
    ) -> tuple[BuildRow, ...]:
        """The builds, newest first; only those of one content, or with one outcome."""
        wanted = {"id": build, "content": content, "outcome": outcome}
        rows = [BuildRow(*row) for row in self._select("builds", wanted, order="id DESC")]
        return tuple(replace(row, reused=bool(row.reused)) for row in rows)

    def environments(self, environment: str | None = None) -> tuple[EnvironmentRow, ...]:
        """The environments that content uses or has used, last used first."""
        return tuple(
            EnvironmentRow(*row)
            for row in self._select("environments", {"id": environment}, order="last_used DESC, id")
        )

    def bundles(self, digest: str | None = None) -> tuple[BundleRow, ...]:
        return tuple(
            BundleRow(*row) for row in self._select("bundles", {"digest": digest}, order="digest")
        )

    def users_of(self, environment: str) -> tuple[str, ...]:
        """The names of the content that uses an environment."""
        rows = self._rows(
            "SELECT name FROM content WHERE environment = ? ORDER BY name", (environment,)
        )
        return tuple(str(row[0]) for row in rows)

    def remove_content(self, name: str) -> None:
        self._connection.execute("DELETE FROM content WHERE name = ?", (name,))

    def remove_build(self, build: str) -> None:
        self._connection.execute("DELETE FROM builds WHERE id = ?", (build,))

    def remove_environment(self, environment: str) -> None:
        """Forget an environment; content that used it has none any more."""
        self._connection.execute("DELETE FROM environments WHERE id = ?", (environment,))

    def remove_unused_bundles(self) -> tuple[str, ...]:
        """Forget bundles that neither content nor a build refers to; returns their digests."""
        used = "SELECT bundle FROM content UNION SELECT bundle FROM builds"
        unused = f"digest NOT IN ({used})"
        rows = self._rows(f"SELECT digest FROM bundles WHERE {unused}", ())
        self._connection.execute(f"DELETE FROM bundles WHERE {unused}")
        return tuple(str(row[0]) for row in rows)

    def _put(self, row: _Row, *, conflict: str) -> None:
        table, columns = _TABLES[type(row)], _columns(row)
        marks = ", ".join("?" * len(columns))
        self._connection.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) ON CONFLICT {conflict}",
            [getattr(row, name) for name in columns],
        )

    def _select(self, table: str, wanted: dict[str, str | None], *, order: str) -> list[Any]:
        conditions = {name: value for name, value in wanted.items() if value is not None}
        where = " AND ".join(f"{name} = ?" for name in conditions) or "1"
        columns = ", ".join(_COLUMNS[table])
        return self._rows(
            f"SELECT {columns} FROM {table} WHERE {where} ORDER BY {order}",
            tuple(conditions.values()),
        )

    def _rows(self, statement: str, values: Sequence[str | None]) -> list[Any]:
        with _explained(self.path):
            return self._connection.execute(statement, values).fetchall()


def open_store(state_dir: Path) -> Store:
    """The database of a state directory: to be changed by whoever may write it, else to be read.

    Where there is none, whoever may not make one gets an empty one.

    Raises StateError for a network filesystem, a damaged file, or one of a newer pysteward.
    """
    refuse_network_filesystem(state_dir)
    path = state_dir / NAME
    with _explained(path):
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
    return Store(connection, path, writable=writable)


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
    # unless it is declared immutable; and so it is: nobody who writes has it open.
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


@contextmanager
def _explained(path: Path) -> Generator[None]:
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


def _is_full(folder: Path) -> bool:
    """Whether a disk has no room for a database to work in; SQLite calls that an I/O error, too."""
    try:
        status = os.statvfs(folder)
    except OSError:
        return False
    return status.f_bavail * status.f_frsize < _ROOM


def _columns(row: _Row) -> tuple[str, ...]:
    return _COLUMNS[_TABLES[type(row)]]


_TABLES: dict[type[_Row], str] = {
    BundleRow: "bundles",
    BuildRow: "builds",
    ContentRow: "content",
    EnvironmentRow: "environments",
}
_COLUMNS = {table: tuple(field.name for field in fields(row)) for row, table in _TABLES.items()}
