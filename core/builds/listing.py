"""The builds and the content of a state directory: found, listed, cancelled, removed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from ..errors import StateError
from ..frozen import frozen
from ..removal import ASIDE, remove_or_put_aside
from ..state import BuildRow, RunRow, open_database, write_whole
from ..users import user_name
from .content_locks import drop_content_lock
from .interrupted import current_build
from .model import Build, EnvironmentRef, Python
from .record import Record
from .record_writer import row_of, run_row_of


def find(state_dir: Path, build: str) -> Record:
    """Return the record of a build, by its id or by a beginning that only one has.

    Raises StateError (``build-unknown``, ``build-ambiguous``).
    """
    directory = state_dir / "builds"
    name = build.strip()
    if name and "/" not in name and not name.startswith("."):
        if (directory / name / "build.json").exists():
            return Record(directory / name)
        found = sorted(path.parent for path in directory.glob(f"{_literal(name)}*/build.json"))
        if len(found) == 1:
            return Record(found[0])
        if found:
            raise StateError(
                f"{len(found)} builds begin with {name!r}: give more of the id",
                code="build-ambiguous",
            )
    raise StateError(
        f"there is no build {build!r}: see pysteward builds list", code="build-unknown"
    )


def show(state_dir: Path, build: str) -> Build:
    """Return one build as it stands now, settled if its worker is gone. Raises as `find`."""
    return current_build(state_dir, find(state_dir, build))


def list_builds(state_dir: Path, *, content: str | None = None) -> tuple[BuildRow, ...]:
    """Return all builds, or those of one piece of content: running ones first, then the newest
    first.

    One whose worker is gone is settled on the way.
    """
    with open_database(state_dir) as store:
        rows = [
            _current_row(state_dir, row) if row.outcome == "running" else row
            for row in store.builds(content=content)
        ]
    return tuple(sorted(rows, key=lambda row: row.outcome != "running"))


def find_run(state_dir: Path, run: str) -> Record:
    """Return the record of a run, or of a build with a start check, as `find` does.

    Raises StateError (``run-unknown``, ``run-ambiguous``).
    """
    directory = state_dir / "runs"
    name = run.strip()
    found: list[Path] = []
    if name and "/" not in name and not name.startswith("."):
        if (directory / name / "build.json").exists():
            return Record(directory / name)
        found = sorted(path.parent for path in directory.glob(f"{_literal(name)}*/build.json"))
        if len(found) > 1:
            raise StateError(
                f"{len(found)} runs begin with {name!r}: give more of the id", code="run-ambiguous"
            )
    if found:
        return Record(found[0])
    try:
        return find(state_dir, run)
    except StateError as problem:
        if problem.code != "build-unknown":
            raise
        raise StateError(
            f"there is no run {run!r}: see pysteward runs list", code="run-unknown"
        ) from None


def list_runs(state_dir: Path, *, content: str | None = None) -> tuple[RunRow, ...]:
    """Return all runs, or those of one content: running ones first, then the newest first.

    One whose worker is gone is closed on the way.
    """
    with open_database(state_dir) as store:
        rows = [
            _current_run(state_dir, row) if row.outcome == "running" else row
            for row in store.runs(content=content)
        ]
    return tuple(sorted(rows, key=lambda row: row.outcome != "running"))


def _current_run(state_dir: Path, row: RunRow) -> RunRow:
    try:
        return run_row_of(current_build(state_dir, find_run(state_dir, row.id)))
    except StateError:  # its record is gone or damaged, so no process works on it
        return row._replace(outcome="interrupted")


@frozen
class Content:
    """A piece of content as it stands.

    request: as its newest bundle has it. python: chosen when that was deployed; None: no match.
    environment: made or reused by its last build that succeeded; None before the first.
    build, outcome: its newest build. bundle: the digest of its newest bundle.
    previous: the environment before this one, which it can be put back on.
    put_back: when it was put back (RFC 3339); None once it is built again.
    origin, deployed: the path that its newest bundle was deployed from, and when; None: an earlier
    version deployed it.
    server: of a cluster, that has the environment of its newest build; None: it is not elsewhere.
    """

    name: str
    request: str
    python: Python | None
    environment: EnvironmentRef | None
    build: str
    outcome: str
    bundle: str
    created: str
    updated: str
    previous: EnvironmentRef | None = None
    put_back: str | None = None
    origin: str | None = None
    deployed: str | None = None
    server: str | None = None


def list_content(state_dir: Path, name: str | None = None) -> tuple[Content, ...]:
    """Return what was deployed, by name; only that of one name."""
    builds = {row.id: row for row in list_builds(state_dir, content=name)}
    with open_database(state_dir) as store:
        paths = {row.id: row.path for row in store.environments()}
        rows = store.content(name)
    return tuple(
        Content(
            name=row.name,
            request=row.request,
            python=Python(row.python, row.executable, row.rule)
            if row.python and row.executable and row.rule
            else None,
            environment=EnvironmentRef(row.environment, paths[row.environment])
            if row.environment in paths
            else None,
            build=row.build,
            outcome=builds[row.build].outcome if row.build in builds else "interrupted",
            bundle=row.bundle,
            created=row.created,
            updated=row.updated,
            previous=EnvironmentRef(row.previous, paths[row.previous])
            if row.previous in paths
            else None,
            put_back=row.put_back,
            origin=row.origin,
            deployed=row.deployed,
            server=_server_of(state_dir, builds.get(row.build)),
        )
        for row in rows
    )


def _server_of(state_dir: Path, build: BuildRow | None) -> str | None:
    """Return the server of a cluster that has the environment of a build; None: it is here."""
    if build is None or build.outcome != "succeeded" or build.environment_path is None:
        return None
    if build.environment is None or Path(build.environment_path).is_relative_to(state_dir):
        return None
    with suppress(StateError):
        return Record(state_dir / "builds" / build.id).read().server
    return None


def find_content(state_dir: Path, name: str) -> Content:
    """Return one piece of content. Raises StateError (``content-unknown``)."""
    found = list_content(state_dir, name)
    if not found:
        raise StateError(
            f"there is no content named {name!r}: see pysteward content list",
            code="content-unknown",
        )
    return found[0]


def cancel(state_dir: Path, build: str, by: str) -> bool:
    """Ask for the end of a build, with all its processes; whether it still ran.

    It ends within a fraction of a second; follow it to see. by: who asks. Raises as `find`.
    """
    return cancel_record(find(state_dir, build), by)


def cancel_record(record: Record, by: str) -> bool:
    """As `cancel`, of a build or a run whose record is known."""
    if not current_build(record.state_dir, record).is_running:
        return False
    try:
        write_whole(record.cancellation, f"{by}\n".encode())
    except OSError as error:
        raise StateError(
            f"the build cannot be cancelled: {error.strerror}; {_owner_of(record)} can cancel it",
            code="state-read-only",
            file=record.directory,
        ) from None
    return True


def remove_content(state_dir: Path, name: str) -> None:
    """Forget content: its bundles and the records of its builds; environments stay until pruned.

    Raises StateError (``content-unknown``, ``build-running``).
    """
    find_content(state_dir, name)
    with open_database(state_dir) as store:
        rows = [_current_row(state_dir, row) for row in store.builds(content=name)]
        running = [row.id for row in rows if row.outcome == "running"]
        if running:
            raise StateError(
                f"build {running[0]} of this content still runs: cancel it first",
                code="build-running",
            )
        runs = [_current_run(state_dir, row) for row in store.runs(content=name)]
        if any(row.outcome == "running" for row in runs):
            raise StateError(
                "a run of this content still runs: cancel it first", code="build-running"
            )
        with store.change():
            for row in rows:
                store.remove_build(row.id)
            store.remove_content(name)
            unused = store.remove_unused_bundles()
        directories = [state_dir / "builds" / row.id for row in rows]
        directories += [state_dir / "runs" / row.id for row in runs]
        remove_files(state_dir, directories, unused)
    drop_content_lock(state_dir, name)


def _current_row(state_dir: Path, row: BuildRow) -> BuildRow:
    if row.outcome != "running":
        return row
    record = Record(state_dir / "builds" / row.id)
    try:
        return row_of(current_build(state_dir, record))
    except StateError:  # its record is gone or damaged, so no process works on it
        return row._replace(outcome="interrupted")


def remove_files(state_dir: Path, directories: list[Path], bundles: tuple[str, ...]) -> None:
    """Remove records, and bundles by their digests."""
    for directory in directories:
        remove_or_put_aside(directory, state_dir / ASIDE)
    for digest in bundles:
        for suffix in (".tar.gz", ".tar"):
            (state_dir / "bundles" / f"{digest}{suffix}").unlink(missing_ok=True)


def _owner_of(record: Record) -> str:
    """Return the name of the user whom a record belongs to."""
    try:
        return user_name(record.directory.stat().st_uid)
    except OSError:
        return "its owner"


def _literal(name: str) -> str:
    """Return a name as a pattern that matches only itself."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
