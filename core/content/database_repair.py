"""The database made again: from the files of content and the records of builds."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..builds import Build, Record, row_of, run_row_of
from ..bundles import stored_bundle
from ..errors import StateError, StewardError
from ..frozen import frozen
from ..removal import remove_tree
from ..state import (
    DATABASE,
    BundleRow,
    ContentFile,
    ContentRow,
    Database,
    EnvironmentRow,
    lock_now,
    read_content_files,
    refuse_links,
    why_damaged,
    write_database,
)
from ..users import user_name

_NEW = f"{DATABASE}.new"
_BESIDE = ("", "-wal", "-shm")
"""What the names of the files of one database end in."""


@frozen
class Repair:
    """What was repaired.

    damage: what was wrong with the database; None: it was sound, and nothing was changed.
    kept: the damaged one; None where there was none.
    content, builds: how many are in the new one.
    unusable: files that could not be read, and are left out.
    """

    damage: str | None
    kept: Path | None = None
    content: int = 0
    builds: int = 0
    unusable: tuple[Path, ...] = ()


def repair(state_dir: Path, *, force: bool = False) -> Repair:
    """Make the database again where it is damaged or lost; the damaged one is kept beside it.

    Killed at any moment, it can be repeated. force: also where it is sound.
    Raises StateError where the state directory cannot be written, or another repair is running.
    """
    if not os.access(state_dir, os.W_OK):
        raise StateError(
            f"the state directory cannot be written by {user_name()}: its owner can repair it",
            code="state-read-only",
            file=state_dir,
        )
    refuse_links(state_dir)
    try:
        lock = lock_now(state_dir / "repair.lock")
        if lock is None:
            raise StateError("another repair is running", code="state-busy", file=state_dir)
        try:
            return _repair(state_dir, force=force)
        finally:
            os.close(lock)
    except OSError as error:
        raise StateError(
            f"the database cannot be made again: {error.strerror}",
            code="state-unusable",
            file=error.filename or state_dir,
        ) from None


def _repair(state_dir: Path, *, force: bool) -> Repair:
    path, new = state_dir / DATABASE, state_dir / _NEW
    damage = why_damaged(path) if path.exists() else "it is gone"
    if damage is None and not force:
        return Repair(None)
    found = _Found(state_dir)
    for suffix in _BESIDE:
        new.with_name(f"{_NEW}{suffix}").unlink(missing_ok=True)
    write_database(new, found.put_into)
    if os.geteuid() == 0:
        os.chown(new, state_dir.stat().st_uid, -1)
    kept = _put_aside(path)
    os.rename(new, path)
    _sync(state_dir)
    return Repair(
        damage or "it was sound",
        kept,
        len(found.content),
        len(found.builds),
        tuple(found.unusable),
    )


def _put_aside(path: Path) -> Path | None:
    """Rename the files of a damaged database; return its new path.

    A write-ahead log that stayed would be applied to the next database of that name.
    """
    moment = time.time()
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(moment))
    name = f"{path.name}.damaged-{stamp}{int(moment * 1000) % 1000:03d}"
    for suffix in _BESIDE:
        old = path.with_name(f"{path.name}{suffix}")
        if os.path.lexists(old):
            if suffix == "-shm":  # an index of the log, made again from it
                remove_tree(old)
            else:
                os.rename(old, path.with_name(f"{name}{suffix}"))
    kept = path.with_name(name)
    return kept if os.path.lexists(kept) else None


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass
class _Found:
    """What the files of content and the records of builds say, as rows."""

    state_dir: Path
    content: dict[str, ContentRow] = field(default_factory=dict[str, ContentRow])
    builds: list[Build] = field(default_factory=list[Build])
    runs: list[Build] = field(default_factory=list[Build])
    bundles: dict[str, BundleRow] = field(default_factory=dict[str, BundleRow])
    environments: dict[str, EnvironmentRow] = field(default_factory=dict[str, EnvironmentRow])
    unusable: list[Path] = field(default_factory=list[Path])

    def __post_init__(self) -> None:
        self.builds.extend(self._read_records("builds"))
        self.runs.extend(self._read_records("runs"))
        files = dict(self._read_files())
        by_content: dict[str, list[Build]] = {}
        for build in self.builds:
            if build.asked.kind != "build-python":
                by_content.setdefault(build.content, []).append(build)
                self._add_bundle(build)
                self._add_environment(build)
        for file in files.values():
            if file.bundle is not None:
                self.bundles[file.bundle.digest] = file.bundle
            for row in file.environments:
                self.environments[row.id] = _merged(row, self.environments.get(row.id))
        for name in sorted({*files, *by_content}):
            file, builds = files.get(name), by_content.get(name, [])
            row = _content_of(builds) if file is None else _up_to_date(file.content, builds)
            self.content[name] = self._with_references(row)
        used = {row.environment for row in self.content.values()}
        used |= {row.previous for row in self.content.values()}
        self.environments = {
            row.id: row
            for row in self.environments.values()
            if row.id in used or Path(row.path).is_dir()
        }

    def put_into(self, database: Database) -> None:
        with database.change():
            for bundle in self.bundles.values():
                database.put_bundle(bundle)
            for environment in self.environments.values():
                database.put_environment(environment)
            for row in self.content.values():
                database.put_content(row)
            for build in self.builds:
                database.put_build(row_of(build))
            for run in self.runs:
                database.put_run(run_row_of(run))
            for build in self.builds:
                if build.check is not None:
                    database.put_run(run_row_of(build))

    def _read_records(self, directory: str) -> Iterator[Build]:
        """Yield all builds, or runs, the oldest first."""
        for path in sorted((self.state_dir / directory).glob("[0-9]*/build.json")):
            try:
                yield Record(path.parent).read()
            except StewardError:
                self.unusable.append(path)

    def _read_files(self) -> Iterator[tuple[str, ContentFile]]:
        for path, file in read_content_files(self.state_dir):
            if file is None:
                self.unusable.append(path)
            else:
                yield file.content.name, file

    def _add_bundle(self, build: Build) -> None:
        digest = build.asked.digest
        if digest not in self.bundles:
            stored = stored_bundle(self.state_dir, digest)
            size = 0 if stored is None else stored.stat().st_size
            name = Path(build.asked.bundle).name or digest
            self.bundles[digest] = BundleRow(digest, name, size, build.started)

    def _add_environment(self, build: Build) -> None:
        environment, python = build.environment, build.python
        if build.outcome != "succeeded" or python is None or environment is None:
            return
        if environment.id is not None:
            moment = build.finished or build.started
            row = EnvironmentRow(
                id=environment.id,
                path=environment.path,
                python=python.version,
                executable=python.executable,
                installer=Path(environment.path).parent.parent.name,
                created=moment,
                last_used=moment,
            )
            known = self.environments.get(row.id)
            self.environments[row.id] = row if known is None else _merged(known, row)

    def _with_references(self, row: ContentRow) -> ContentRow:
        """Return the row, with only such environments as are known; its bundle is made known."""
        if row.bundle not in self.bundles:
            name = Path(row.origin or row.bundle).name
            self.bundles[row.bundle] = BundleRow(row.bundle, name, 0, row.created)
        return row._replace(
            environment=row.environment if row.environment in self.environments else None,
            previous=row.previous if row.previous in self.environments else None,
        )


def _merged(row: EnvironmentRow, other: EnvironmentRow | None) -> EnvironmentRow:
    """Return an environment with the last of its uses."""
    return row if other is None else row._replace(last_used=max(row.last_used, other.last_used))


def _up_to_date(row: ContentRow, builds: list[Build]) -> ContentRow:
    """Return content as its file has it, and on the environment of a build that has ended since."""
    for build in builds:
        python, environment = build.python, build.environment
        if (
            build.id == row.build
            and build.outcome == "succeeded"
            and python is not None
            and environment is not None
            and environment.id not in (None, row.environment)
            and (build.finished or "") >= row.updated
            and row.put_back is None
            and not (build.check is not None and build.check.is_failure)
        ):
            return row._replace(
                environment=environment.id,
                previous=row.environment,
                python=python.version,
                executable=python.executable,
                rule=python.rule,
                updated=build.finished,
            )
    return row


def _content_of(builds: list[Build]) -> ContentRow:
    """Return content of which there is no file, as its builds have left it. builds: the oldest
    first."""
    newest = builds[-1]
    deployed = next((each for each in reversed(builds) if each.asked.kind == "deploy"), newest)
    made = [
        (build.environment.id, build.python)
        for build in builds
        if build.outcome == "succeeded" and build.environment and build.environment.id
    ]
    environment, python = made[-1] if made else (None, newest.python)
    before = [identity for identity, _ in made if identity != environment]
    return ContentRow(
        name=newest.content,
        bundle=newest.asked.digest,
        request=newest.asked.request,
        python=python.version if python else None,
        executable=python.executable if python else None,
        rule=python.rule if python else None,
        environment=environment,
        build=newest.id,
        created=builds[0].started,
        updated=newest.finished or newest.started,
        previous=before[-1] if before else None,
        origin=deployed.asked.bundle,
        deployed=deployed.started,
    )
