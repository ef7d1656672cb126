"""What was deployed, its bundles, builds and environments: an SQLite database.

It is an index and never the only truth: a build's record is its directory, an environment is
complete by its marker. Users who may read the state directory can look into it; only those who may
write changes it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from ..errors import StateError
from ..times import now
from .content_files import (
    ContentFile,
    has_content_files,
    remove_content_file,
    write_content_file,
    write_first_files,
)
from .rows import BuildRow, BundleRow, ContentRow, EnvironmentRow, RunRow
from .sqlite import connect, connect_new, explained

_DIGESTS_IN_USE = "SELECT bundle FROM content UNION SELECT bundle FROM builds"

_Row = BundleRow | BuildRow | ContentRow | EnvironmentRow | RunRow
_AnyRow = TypeVar("_AnyRow", BundleRow, BuildRow, ContentRow, EnvironmentRow, RunRow)


class Database:
    """The database of one state directory; close it, or use it in a ``with``."""

    def __init__(
        self, connection: sqlite3.Connection, path: Path, *, refusal: StateError | None = None
    ) -> None:
        """refusal: why nothing can be written; None where it can."""
        self._connection = connection
        self._refusal = refusal
        self._changed: set[str] = set()
        self.path = path

    @property
    def writable(self) -> bool:
        return self._refusal is None

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def change(self) -> Generator[None]:
        """All of it or nothing, with the files of the content that it concerns.

        Raises StateError where the database cannot be written.
        """
        if self._refusal is not None:
            raise self._refusal
        with explained(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            self._changed.clear()
            try:
                yield
                self._write_files()
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                    with suppress(OSError, sqlite3.Error):
                        self._write_files()  # as the database has it
                raise

    def put_bundle(self, row: BundleRow) -> None:
        """Record a bundle that is kept; one that is there already stays as it is."""
        self._put(row, conflict="DO NOTHING")

    def put_content(self, row: ContentRow) -> None:
        """Record content, or what became of it.

        When it was first deployed stays, and so does the environment before this one.
        """
        kept = ("name", "created", "previous")
        changed = ", ".join(f"{name} = excluded.{name}" for name in row._fields if name not in kept)
        self._put(row, conflict=f"(name) DO UPDATE SET {changed}")
        self._changed.add(row.name)

    def put_build(self, row: BuildRow) -> None:
        changed = ", ".join(f"{name} = excluded.{name}" for name in row._fields if name != "id")
        self._put(row, conflict=f"(id) DO UPDATE SET {changed}")

    def put_run(self, row: RunRow) -> None:
        changed = ", ".join(f"{name} = excluded.{name}" for name in row._fields if name != "id")
        self._put(row, conflict=f"(id) DO UPDATE SET {changed}")

    def runs(self, *, run: str | None = None, content: str | None = None) -> tuple[RunRow, ...]:
        """Return the runs, the newest first; only those of one content."""
        if not self._has_runs():
            return ()
        return self._select(RunRow, {"id": run, "content": content}, order="id DESC")

    def last_checks(self) -> dict[str, RunRow]:
        """Return the newest finished check of each content."""
        if not self._has_runs():
            return {}
        newest = (
            "SELECT max(id) FROM runs WHERE kind = 'check' AND starts IS NOT NULL GROUP BY content"
        )
        columns = ", ".join(RunRow._fields)
        rows = self._rows(f"SELECT {columns} FROM runs WHERE id IN ({newest})", ())
        return {row.content: row for row in map(RunRow._make, rows)}

    def remove_run(self, run: str) -> None:
        self._connection.execute("DELETE FROM runs WHERE id = ?", (run,))

    def _has_runs(self) -> bool:
        """Whether this database knows runs: one that may only be read is not brought up to date."""
        query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        return self.writable or bool(self._rows(query, ("runs",)))

    def put_environment(self, row: EnvironmentRow) -> None:
        """Record an environment, or that it was used again."""
        self._put(row, conflict="(id) DO UPDATE SET last_used = excluded.last_used")

    def use_environment(
        self, content: str, environment: str, build: str, python: tuple[str, str, str]
    ) -> None:
        """Content runs on this environment now, unless a newer build of it has been started.

        python: version, executable and matching rule of the Python that it was built on.
        """
        self._connection.execute(
            "UPDATE content SET "
            "previous = CASE WHEN environment = ? THEN previous ELSE environment END, "
            "environment = ?, python = ?, executable = ?, rule = ?, put_back = NULL, updated = ? "
            "WHERE name = ? AND build = ?",
            (environment, environment, *python, now(), content, build),
        )
        self._changed.add(content)

    def put_back(self, content: str, python: str, executable: str, rule: str) -> None:
        """Content is on the environment before this one again, which this one now is."""
        moment = now()
        self._connection.execute(
            "UPDATE content SET environment = previous, previous = environment, python = ?, "
            "executable = ?, rule = ?, put_back = ?, updated = ? WHERE name = ?",
            (python, executable, rule, moment, moment, content),
        )
        self._changed.add(content)

    def content(self, name: str | None = None) -> tuple[ContentRow, ...]:
        """Return all content, or that of one name, sorted by name."""
        return self._select(ContentRow, {"name": name}, order="name")

    def pythons_of_content(
        self,
    ) -> list[tuple[str, str, str, str | None, str | None, str | None]]:
        """Name, bundle, request, Python, executable, environment of all content, sorted by name.

        For those who look at very much of it: plain rows take half the time.
        """
        columns = "name, bundle, request, python, executable, environment"
        return self._rows(f"SELECT {columns} FROM content ORDER BY name", ())

    def builds(
        self, *, build: str | None = None, content: str | None = None, outcome: str | None = None
    ) -> tuple[BuildRow, ...]:
        """Return the builds, newest first; only those of one content, or with one outcome."""
        wanted = {"id": build, "content": content, "outcome": outcome}
        rows = self._select(BuildRow, wanted, order="id DESC")
        return tuple(row._replace(reused=bool(row.reused)) for row in rows)

    def environments(self, environment: str | None = None) -> tuple[EnvironmentRow, ...]:
        """Return the environments that content uses or has used, last used first."""
        return self._select(EnvironmentRow, {"id": environment}, order="last_used DESC, id")

    def bundles(self, digest: str | None = None) -> tuple[BundleRow, ...]:
        return self._select(BundleRow, {"digest": digest}, order="digest")

    def users_of(self, environment: str) -> tuple[str, ...]:
        """Return the names of the content that uses an environment."""
        rows = self._rows(
            "SELECT name FROM content WHERE environment = ? ORDER BY name", (environment,)
        )
        return tuple(str(row[0]) for row in rows)

    def made_of(self, bundle: str) -> tuple[str, ...]:
        """Return the paths of the environments that content of this bundle uses."""
        rows = self._rows(
            "SELECT DISTINCT path FROM content JOIN environments ON environment = id "
            "WHERE bundle = ?",
            (bundle,),
        )
        return tuple(str(row[0]) for row in rows)

    def previous_of(self, environment: str) -> tuple[str, ...]:
        """Return the names of the content that can be put back on an environment."""
        rows = self._rows(
            "SELECT name FROM content WHERE previous = ? ORDER BY name", (environment,)
        )
        return tuple(str(row[0]) for row in rows)

    def remove_content(self, name: str) -> None:
        self._connection.execute("DELETE FROM content WHERE name = ?", (name,))
        self._connection.execute("DELETE FROM runs WHERE content = ?", (name,))
        self._changed.add(name)

    def remove_build(self, build: str) -> None:
        self._connection.execute("DELETE FROM builds WHERE id = ?", (build,))
        self.remove_run(build)

    def remove_environment(self, environment: str) -> None:
        """Forget an environment; content that used it has none any more."""
        self._changed.update(self.users_of(environment), self.previous_of(environment))
        self._connection.execute("DELETE FROM environments WHERE id = ?", (environment,))

    def ids_of_builds(self) -> frozenset[str]:
        return frozenset(row[0] for row in self._rows("SELECT id FROM builds", ()))

    def digests_in_use(self) -> frozenset[str]:
        """Return the bundles that content or a build refers to."""
        return frozenset(row[0] for row in self._rows(_DIGESTS_IN_USE, ()))

    def remove_unused_bundles(self) -> tuple[str, ...]:
        """Forget bundles that neither content nor a build refers to; returns their digests."""
        unused = f"digest NOT IN ({_DIGESTS_IN_USE})"
        rows = self._rows(f"SELECT digest FROM bundles WHERE {unused}", ())
        self._connection.execute(f"DELETE FROM bundles WHERE {unused}")
        return tuple(str(row[0]) for row in rows)

    def _write_files(self) -> None:
        """Write the files of the content that was changed; at the first change, those of all."""
        state_dir = self.path.parent
        if not has_content_files(state_dir):
            write_first_files(state_dir, map(self._file_of, self.content()))
            return
        for name in self._changed:
            row = next(iter(self.content(name)), None)
            if row is None:
                remove_content_file(state_dir, name)
            else:
                write_content_file(state_dir, self._file_of(row))

    def _file_of(self, row: ContentRow) -> ContentFile:
        identities = dict.fromkeys(filter(None, (row.environment, row.previous)))
        return ContentFile(
            row,
            next(iter(self.bundles(row.bundle)), None),
            tuple(each for identity in identities for each in self.environments(identity)),
        )

    def _put(self, row: _Row, *, conflict: str) -> None:
        marks = ", ".join("?" * len(row))
        self._connection.execute(
            f"INSERT INTO {_TABLES[type(row)]} ({', '.join(row._fields)}) VALUES ({marks}) "
            f"ON CONFLICT {conflict}",
            row,
        )

    def _select(
        self, kind: type[_AnyRow], wanted: dict[str, str | None], *, order: str
    ) -> tuple[_AnyRow, ...]:
        conditions = {name: value for name, value in wanted.items() if value is not None}
        where = " AND ".join(f"{name} = ?" for name in conditions) or "1"
        rows = self._rows(
            f"SELECT {', '.join(kind._fields)} FROM {_TABLES[kind]} WHERE {where} ORDER BY {order}",
            tuple(conditions.values()),
        )
        return tuple(map(kind._make, rows))

    def _rows(self, statement: str, values: Sequence[str | None]) -> list[Any]:
        with explained(self.path):
            return self._connection.execute(statement, values).fetchall()


def open_database(state_dir: Path) -> Database:
    """Return the store of a state directory: to be changed by users who may write it, else to be
    read.

    Raises StateError as `open_database` does.
    """
    opened = connect(state_dir)
    return Database(opened.connection, opened.path, refusal=opened.refusal)


def write_database(path: Path, fill: Callable[[Database], object]) -> None:
    """Make a database in a new file; it is whole and on disk when this returns.

    fill: puts everything into it. Raises StateError.
    """
    with explained(path), Database(connect_new(path), path) as database:
        fill(database)


_TABLES: dict[type[_Row], str] = {
    BundleRow: "bundles",
    BuildRow: "builds",
    ContentRow: "content",
    EnvironmentRow: "environments",
    RunRow: "runs",
}
