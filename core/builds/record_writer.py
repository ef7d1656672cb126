"""Write the record of a build: its log, its events, what is known of it, and how it ended."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from .. import environments
from ..errors import StateError
from ..findings import Finding
from ..frozen import frozen
from ..running import CheckResult
from ..secrets import mask_secrets
from ..state import (
    DIRECTORY_MODE,
    BuildRow,
    Database,
    EnvironmentRow,
    RunRow,
    make_directory,
    open_database,
    open_file,
)
from ..times import now
from .content_locks import put_build_lock, put_content_lock, put_lock_text
from .events import (
    BuildOutcome,
    Event,
    Finished,
    Notice,
    PackageEvent,
    Phase,
    encode,
    header,
)
from .model import Build
from .record import Record

_BALLAST = 64 * 1024


@frozen
class BuildResult:
    """How a build ended.

    lines: the last lines of the log. packages: those of the environment; None without one.
    findings: where a failed build has none, its log is diagnosed.
    installer: the installer of a new environment; None where none was made.
    check: what a start check found out.
    """

    outcome: BuildOutcome
    lines: tuple[str, ...]
    reused: bool = False
    packages: tuple[tuple[str, str], ...] | None = None
    findings: tuple[Finding, ...] = ()
    installer: str | None = None
    check: CheckResult | None = None


def completed(build: Build, packages: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return the last log lines of a build that succeeded, as RStudio Connect words them."""
    listed = ", ".join(f"{name}=={version}" for name, version in packages)
    version = build.python.version if build.python else ""
    return (
        f"Packages in the environment: {listed}",
        f"Completed Python build against Python version: '{version}'",
    )


def create_record(builds: Path, name: str | None = None) -> tuple[Record, int]:
    """Make a new record; return it with the descriptor that holds its lock.

    builds: the directory of all records. name: the id that it gets; None: a new one. A child
    process that inherits the descriptor holds the lock, too.
    Raises OSError: FileExistsError where there is one of that name.
    """
    import fcntl

    make_directory(builds)
    while True:
        moment = time.time()
        day = time.strftime("%Y%m%d-%H%M%S", time.gmtime(moment))
        new = f"{day}{int(moment * 1000) % 1000:03d}-{os.urandom(2).hex()}"
        directory = builds / (name or new)
        try:
            directory.mkdir()
        except FileExistsError:
            if name is not None:
                raise
            continue
        directory.chmod(DIRECTORY_MODE)
        break
    record = Record(directory)
    descriptor = open_file(record.lock, os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return record, descriptor


class RecordWriter:
    """A build and its record while it is written: by the asking process, then by the worker.

    build: the build as last known; `update` changes it here, `save` in the record.
    offset: bytes of the log written so far.
    requirements: the files that pip reads, by name; a diagnosis quotes their lines.
    Methods that write raise OSError, for example on a full disk.
    """

    def __init__(self, record: Record, build: Build) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self.record = record
        self.build = build
        self.requirements: Mapping[str, bytes] = {}
        self._log = open_file(record.log, flags)
        self._events = open_file(record.events, flags)
        self.offset = os.fstat(self._log).st_size
        if not os.fstat(self._events).st_size:
            _append(self._events, header(record.id))

    def log(self, text: str) -> None:
        """Append complete lines, each with its line end."""
        data = text.encode("utf-8", "backslashreplace")
        _append(self._log, data)
        self.offset += len(data)

    def event(self, event: Event) -> None:
        _append(self._events, encode(event))

    def phase(
        self, name: str, detail: str = "", *, done: int | None = None, total: int | None = None
    ) -> None:
        self.event(Phase(time.time(), self.offset, name, detail, done, total))

    def notice(self, text: str) -> None:
        self.event(Notice(time.time(), self.offset, text))

    def package(self, name: str, version: str | None, action: str, size: int | None = None) -> None:
        self.event(PackageEvent(time.time(), self.offset, name, version, action, size))

    def update(self, **changes: Any) -> None:
        """Change fields of the build; nothing is written yet."""
        self.build = replace(self.build, **changes)

    def save(self) -> None:
        """Write the build into its record, complete and synced."""
        self.record.write(self.build)

    def finish(
        self,
        result: BuildResult,
        *,
        database: Database | None = None,
        first: Callable[[Database], None] | None = None,
    ) -> Build:
        """Write how the build has ended: into its record, which counts, then into the database.

        database: the open database, if there is one. first: another change of the database in the
        same transaction. Without it, a database that cannot be written is left to the next reader.

        Raises: OSError when not even the reserved disk space is enough; StateError when the
        database cannot be written and `first` is given.
        """
        release_space(self.record)
        for line in result.lines:
            self.log(mask_secrets(line) + "\n")
        findings = result.findings
        if result.outcome == "failed" and not findings:
            findings = self.diagnose()
        if result.outcome == "succeeded":
            self.phase("done")
        self.update(
            outcome=result.outcome,
            phase=self.record.last_phase() or self.build.phase,
            reused=result.reused,
            environment=self.build.environment if result.packages is not None else None,
            packages=result.packages or (),
            findings=findings,
            check=result.check,
            finished=now(),
        )
        self.save()
        self._keep_locks()
        try:
            state_dir = self.record.state_dir
            with contextlib.nullcontext(database) if database else open_database(state_dir) as used:
                index_build(used, self.build, result.installer, first=first)
        except StateError:
            if first is not None:
                raise
        self.event(Finished(time.time(), self.offset, result.outcome))
        return self.build

    def finish_as(self, made: Build, lock: str | None) -> Build:
        """Write the end of a build that another server has made.

        made: its record there, whose log has been written here already. lock: what it has
        installed. Its environment lies there, so this database only lists the build.
        Raises: OSError.
        """
        release_space(self.record)
        self.update(
            outcome=made.outcome,
            phase=made.phase,
            reused=made.reused,
            environment=made.environment,
            packages=made.packages,
            findings=made.findings,
            check=made.check,
            finished=made.finished or now(),
        )
        self.save()
        if lock is not None and made.outcome == "succeeded":
            put_build_lock(self.record, lock)
            put_lock_text(self.record.state_dir, made.content, lock)
        state_dir = self.record.state_dir
        with contextlib.suppress(StateError), open_database(state_dir) as store, store.change():
            store.put_build(row_of(self.build))
            if self.build.check is not None:
                store.put_run(run_row_of(self.build))
        self.event(Finished(time.time(), self.offset, made.outcome))
        return self.build

    def _keep_locks(self) -> None:
        """Leave the lock of the environment in the record, and with the content that runs on it."""
        build = self.build
        if (
            build.is_run
            or build.outcome != "succeeded"
            or build.environment is None
            or build.environment.id is None
        ):
            return
        path = Path(build.environment.path)
        if (text := environments.lock_text(path)) is not None:
            put_build_lock(self.record, text)
        state_dir = self.record.state_dir
        if build.check is not None and build.check.is_failure:
            with contextlib.suppress(StateError), open_database(state_dir) as store:
                if keeps_old_environment(build, store):
                    return
        put_content_lock(state_dir, build.content, path)

    def diagnose(self, waited: float | None = None) -> tuple[Finding, ...]:
        """Return what the log says so far, the root cause of a failure first.

        waited: seconds that an installer has waited for an index in vain, if that is known.
        """
        from .. import diagnosis  # only a failure or a warning needs it

        record = self.record
        debug_log = record.pip_log if record.pip_log.exists() else None
        known = diagnosis.KnownFacts(
            authored=self.build.asked.kind != "build-python",
            index_lines=diagnosis.index_lines_of(self.requirements),
            conda_list=diagnosis.conda_list_of(self.requirements),
            waited=waited,
        )
        return diagnosis.diagnose_log(record.log, debug_log=debug_log, context=known).findings

    def reserve_space(self) -> None:
        """Reserve disk space for the last lines of the log."""
        descriptor = open_file(self.record.directory / "ballast", os.O_WRONLY | os.O_CREAT)
        try:
            os.posix_fallocate(descriptor, 0, _BALLAST)
        finally:
            os.close(descriptor)

    def end_lines(self) -> None:
        """End the lines that a killed writer left unfinished."""
        for descriptor in (self._log, self._events):
            size = os.fstat(descriptor).st_size
            if size and not _ends_line(descriptor, size):
                _append(descriptor, b"\n")
        self.offset = os.fstat(self._log).st_size

    def close(self) -> None:
        os.close(self._log)
        os.close(self._events)


def release_space(record: Record) -> None:
    """Free the reserved disk space, before something must be written."""
    with contextlib.suppress(OSError):
        os.unlink(record.directory / "ballast")


def index_build(
    store: Database,
    build: Build,
    installer: str | None = None,
    *,
    first: Callable[[Database], None] | None = None,
) -> None:
    """Write what the record says into the database.

    first: another change in the same transaction. Raises StateError.
    """
    with store.change():
        if first is not None:
            first(store)
        if build.is_run or build.check is not None:
            store.put_run(run_row_of(build))
        if build.is_run:
            return
        store.put_build(row_of(build))
        environment = build.environment
        if build.outcome != "succeeded" or environment is None or environment.id is None:
            return
        assert build.python is not None
        store.put_environment(
            EnvironmentRow(
                id=environment.id,
                path=environment.path,
                python=build.python.version,
                executable=build.python.executable,
                installer=installer or build.asked.installer,
                created=build.finished or now(),
                last_used=build.finished or now(),
            )
        )
        if keeps_old_environment(build, store):
            return
        python = (build.python.version, build.python.executable, build.python.rule)
        store.use_environment(build.content, environment.id, build.id, python)


def keeps_old_environment(build: Build, store: Database) -> bool:
    """Return whether content stays on the environment that it has: its build succeeded, and it does
    not start in the new one.

    Content that has no other complete environment takes the new one.
    """
    if build.check is None or not build.check.is_failure or build.use_anyway:
        return False
    content = next(iter(store.content(build.content)), None)
    if content is None or content.environment is None or build.environment is None:
        return False
    old = next(iter(store.environments(content.environment)), None)
    return (
        old is not None
        and old.id != build.environment.id
        and environments.complete(Path(old.path)) is not None
    )


def run_row_of(build: Build) -> RunRow:
    """Return a run, or a build with a start check, as lists show it."""
    return RunRow(
        id=build.id,
        content=build.content,
        kind=build.asked.kind if build.is_run else "check",
        outcome=build.outcome,
        starts=build.starts,
        environment=build.environment.id if build.environment else None,
        started=build.started,
        finished=build.finished,
    )


def row_of(build: Build) -> BuildRow:
    """Return the build as lists show it."""
    return BuildRow(
        id=build.id,
        content=build.content,
        bundle=build.asked.digest,
        outcome=build.outcome,
        reused=build.reused,
        python=build.python.version if build.python else None,
        executable=build.python.executable if build.python else None,
        rule=build.python.rule if build.python else None,
        environment=build.environment.id if build.environment else None,
        environment_path=build.environment.path if build.environment else None,
        started=build.started,
        finished=build.finished,
    )


def _append(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _ends_line(descriptor: int, size: int) -> bool:
    readable = os.open(f"/proc/self/fd/{descriptor}", os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.pread(readable, 1, size - 1) == b"\n"
    finally:
        os.close(readable)
