"""The process that builds, see `starting`: ``python -m pysteward.core.builds.worker RECORD LOCK``.

It has a session of its own and no terminal, so it outlives the process that started it. Its job
comes through standard input. Whatever happens, its record ends with an outcome; or, if it is
killed, without one, which every reader of the record understands.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from ..environments import (
    EnvironmentBuilt,
    EnvironmentFailed,
    StoreOptions,
    beside,
    build_environment,
    complete,
    conditions_of,
    flush,
    installation,
    interpreter_of,
    known_secrets,
    resolve_lock,
    steward_cache,
)
from ..errors import BundleError
from ..findings import Finding
from ..lockfiles import Conditions, Lock, read_lock
from ..processes import View, end_leftovers
from ..removal import remove_completely
from ..state import acquire, hold, lock_file, make_directory
from ..users import find_user
from ..wheels import WheelStore
from .events import (
    LogLines,
    PackageEvent,
    Phase,
    Waiting,
)
from .job import BuildJob, decode_job
from .model import EnvironmentRef
from .record import Record
from .record_writer import BuildResult, completed
from .worker_base import PAUSE, WorkerProcess, enter


def main(arguments: list[str]) -> int:
    record, lock, given = enter(arguments)
    job = decode_job(BuildJob, given)
    if job is None:
        return 1  # the client was killed while it sent the job
    worker = Worker(record, job)
    worker.work()
    os.close(lock)
    # No client waits now: flush the environment to disk.
    path = worker.path
    with contextlib.suppress(OSError), hold(path, shared=True, wait=False) as held:
        marker = complete(path) if held else None
        if marker is not None and flush(path):
            WheelStore(job.state_dir).note_flushed(marker.wheels)
    return 0


class Worker:
    """One build, from its job to its end. path: of the environment that it makes or takes."""

    def __init__(self, record: Record, job: BuildJob) -> None:
        self._process = WorkerProcess(record, job.run_as)
        self._record = record
        self._job = job
        self._writer = self._process.writer
        self._steps = self._process.runner
        self.path = job.path
        self._has_begun = False

    def work(self) -> None:
        """Build, or wait for the worker that builds the same and take its environment."""
        self._process.work(self._ending, self._job.on_finish)

    def _ending(self) -> BuildResult:
        job = self._job
        if job.refresh:
            return self._resolve_and_build()
        result = self._build_at(job.path, None if job.lock is None else read_lock(job.lock))
        if result is not None:
            return result
        if job.is_locked:
            return _failed("the lock cannot be installed, and nothing may be resolved (--locked)")
        self._writer.log(
            "pysteward: the lock cannot be installed any more (above); resolving afresh\n"
        )
        self._writer.notice("the lock cannot be installed any more: resolved afresh")
        return self._resolve_and_build()

    def _resolve_and_build(self) -> BuildResult:
        """Build what the requirements resolve to today.

        Where the identity has a complete environment, its installer says what that is: then it is
        that environment, or another one beside it.
        """
        base = self._job.base or self._job.path
        with hold(base, shared=True, wait=False) as is_held:
            marker = complete(base) if is_held else None
            resolved = None if marker is None else self._resolve(base)
        if marker is None or resolved is None:
            result = self._build_at(base, None)
        elif isinstance(resolved, EnvironmentFailed) and resolved.code == "cannot-resolve":
            number = hashlib.sha256(self._record.id.encode()).hexdigest()
            result = self._build_at(beside(base, number), None)
        elif isinstance(resolved, EnvironmentFailed):
            return self._failure(resolved)
        elif resolved.digest == marker.locked:
            self._writer.log("pysteward: everything resolves to what is installed already\n")
            result = self._build_at(base, resolved)
        else:
            result = self._build_at(beside(base, resolved.digest), resolved)
        return result or _failed("what was just resolved cannot be installed")

    def _resolve(self, environment: Path) -> Lock | EnvironmentFailed:
        """Ask the installer of a complete environment what it would install."""
        job, record = self._job, self._record
        self._begin()
        slot = self._process.take_slot(job.places)
        try:
            bundle = self._unpack()
            cache = steward_cache(job.state_dir, job.run_as)
            self._show((record.work,), (environment, cache))
            task = installation(
                job.spec,
                environment,
                work=record.work,
                cache=cache,
                pip_log=record.work / "pip.log",
                bundle=bundle,
                requirements_file=None if job.package_file is None else bundle / job.package_file,
                build_environment=job.build_environment,
                owner=find_user(job.run_as),
            )
            return resolve_lock(task, self._steps, self._conditions())
        except BundleError as error:
            return EnvironmentFailed("resolve", "installation-failed", str(error))
        finally:
            os.close(slot)

    def _show(self, writable: tuple[Path, ...], read_only: tuple[Path, ...]) -> None:
        """Say what the build's programs see of the state directory from now on."""
        if self._job.is_confined:
            self._steps.view = View(self._job.state_dir, writable, read_only)

    def _conditions(self) -> Conditions:
        return conditions_of(self._job.spec, self._job.prohibited, build=self._record.id)

    def _begin(self) -> None:
        """Start the clock, and the build's directory without what an earlier attempt left."""
        if self._has_begun:
            for left in self._record.work.iterdir():
                if left.name != "pip.log":
                    remove_completely(left)
            return
        self._has_begun = True
        self._steps.begin(self._job.time_limit)
        job = self._job
        self._steps.secrets = known_secrets(
            job.build_environment, job.secret_names, job.texts.values()
        )
        self._writer.requirements = {
            name: text.encode("latin-1") for name, text in job.texts.items()
        }
        make_directory(self._record.work)

    def _build_at(self, path: Path, wanted: Lock | None) -> BuildResult | None:
        """Have the environment at a place; None where its lock cannot be installed."""
        self.path = path
        if self._writer.build.environment != EnvironmentRef(path.name, str(path)):
            self._writer.update(environment=EnvironmentRef(path.name, str(path)))
            self._writer.save()
        lock = self._lock_environment()
        if isinstance(lock, BuildResult):
            return lock
        try:
            marker = None if self._job.afresh else complete(path)
            if marker is not None:
                self._writer.log(f"Using cached environment: {marker.identity}\n")
                lines = completed(self._writer.build, marker.packages)
                result = BuildResult("succeeded", lines, reused=True, packages=marker.packages)
                return self._checked(result)
            slot = self._process.take_slot(self._job.places)
            try:
                result = self._make(wanted)
                return None if result is None else self._checked(result)
            finally:
                os.close(slot)
        finally:
            self._name_holder("")
            os.close(lock)

    def _checked(self, result: BuildResult) -> BuildResult:
        """Return the result with the start check of the content, where one was asked for."""
        job = self._job.check
        if job is None or result.outcome != "succeeded":
            return result
        from .checking import check_content, check_lines

        job = replace(job, environment=self.path, python=interpreter_of(self.path))
        check = check_content(self._process, job)
        lines = (*check_lines(check), *result.lines)
        return replace(result, lines=lines, check=check)

    def _make(self, lock: Lock | None) -> BuildResult | None:
        job, record = self._job, self._record
        self._begin()
        self._writer.log(f"Creating environment: {self.path.name}\n")
        if lock is not None:
            origin = lock.conditions.build if lock.conditions is not None else ""
            made_by = f" of build {origin}" if origin and origin != record.id else ""
            self._writer.log(f"From the lock{made_by}: {len(lock.packages)} packages\n")
        try:
            bundle = self._unpack()
        except BundleError as error:
            return BuildResult("failed", (f"pysteward: {error}",))
        shown = [steward_cache(job.state_dir, job.run_as)]
        wheels = None
        if job.store is not None and lock is not None:
            wheels = StoreOptions(WheelStore(job.state_dir), job.store)
            wheels.store.prepare(passable=self._steps.is_another_user)
            shown.append(wheels.store.root)
        self._show((self.path, record.work), tuple(shown))
        made = build_environment(
            job.spec,
            self.path,
            self._steps,
            work=record.work,
            cache=steward_cache(job.state_dir, job.run_as),
            pip_log=record.work / "pip.log",
            bundle=bundle,
            requirements_file=None if job.package_file is None else bundle / job.package_file,
            build_environment=job.build_environment,
            run_as=job.run_as,
            prohibited=job.prohibited,
            conditions=self._conditions(),
            lock=lock,
            index_options=job.index_options,
            wheels=wheels,
        )
        if isinstance(made, EnvironmentFailed) and made.code == "lock-not-installable":
            return None
        return self._failure(made) if isinstance(made, EnvironmentFailed) else self._success(made)

    def _success(self, made: EnvironmentBuilt) -> BuildResult:
        return BuildResult(
            "succeeded",
            completed(self._writer.build, made.packages),
            packages=made.packages,
            installer=made.marker.installer,
            findings=(*made.findings, *self._costs()),
        )

    def _costs(self) -> tuple[Finding, ...]:
        """Return what a build that succeeded has waited for in vain."""
        retries = self._steps.retries
        if not retries.count:
            return ()
        found = self._writer.diagnose(waited=retries.seconds)
        return tuple(each for each in found if each.role == "warning")

    def _failure(self, failed: EnvironmentFailed) -> BuildResult:
        return BuildResult("failed", (f"pysteward: {failed.message}",), findings=failed.findings)

    def _unpack(self) -> Path:
        """Return the directory that pip works in, with what it needs of the bundle."""
        directory = self._record.work / "bundle"
        if self._job.bundle is not None:
            from ..bundles import open_bundle, unpack

            unpack(open_bundle(self._job.bundle), directory)
        for name, text in self._job.texts.items():
            file = directory / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode("latin-1"))
        directory.mkdir(exist_ok=True)
        self._steps.give(directory)
        return directory

    def _lock_environment(self) -> int | BuildResult:
        """Return the lock of the environment, or the end where another build of it has failed.

        Builds of one environment never run twice at once: the others wait for the first, show what
        it does, and take what it has made. A failure would only repeat itself, so they take that.
        """
        path = self.path
        waited_for: set[str] = set()
        while (lock := acquire(path, wait=False)) is None:
            self._steps.look()
            other = self._holder()
            if other is not None and other.id not in waited_for:
                state = other.build().outcome
                if state == "interrupted":
                    end_leftovers(other.id)
                elif state == "running":
                    waited_for.add(other.id)
                    if self._wait_for(other) == "failed":
                        words = f"build {other.id}, which this one waited for, failed"
                        return BuildResult("failed", (f"pysteward: {words}",))
            time.sleep(PAUSE)
        previous = self._holder()
        if previous is not None and (left := end_leftovers(previous.id)):
            os.close(lock)
            numbers = ", ".join(map(str, left))
            words = f"processes that build {previous.id} left behind still run ({numbers})"
            return BuildResult("failed", (f"pysteward: {words}: end them and try again",))
        self._name_holder(self._record.id)
        return lock

    def _wait_for(self, other: Record) -> str:
        """Show what another build does, as if it were this one; its outcome."""
        from .follower import follow

        self._writer.event(Waiting(time.time(), self._writer.offset, "environment", other.id))
        outcome = "interrupted"
        for seen in follow(other, idle=self._steps.look):
            self._steps.look()
            if isinstance(seen, LogLines):
                self._writer.log("".join(f"{line}\n" for line in seen.lines))
            elif isinstance(seen, Phase) and seen.name != "done":
                self._writer.phase(seen.name, seen.detail, done=seen.done, total=seen.total)
            elif isinstance(seen, PackageEvent):
                self._steps.package(seen.name, seen.version, seen.action, seen.size)
            else:
                outcome = getattr(seen, "outcome", outcome)
        return outcome

    def _holder(self) -> Record | None:
        """Return the record of the build that holds the environment's lock, or was killed holding
        it."""
        try:
            name = lock_file(self.path).read_text("ascii")
        except (OSError, UnicodeDecodeError):
            return None
        record = Record(self._record.directory.parent / Path(name).name)
        return record if name and record != self._record and record.events.exists() else None

    def _name_holder(self, name: str) -> None:
        with (
            contextlib.suppress(OSError),
            open(lock_file(self.path), "w", encoding="ascii") as file,
        ):
            file.write(name)


def _failed(why: str) -> BuildResult:
    return BuildResult("failed", (f"pysteward: {why}",))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
