"""The process that builds, see `starting`: ``python -m pysteward.core.builds.worker RECORD LOCK``.

It has a session of its own and no terminal, so it outlives the process that started it. Its job
comes through standard input. Whatever happens, its record ends with an outcome; or, if it is
killed, without one, which every reader of the record understands.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from ..environments import (
    EnvironmentBuilt,
    EnvironmentFailed,
    acquire,
    build_environment,
    complete,
    conditions_of,
    flush,
    hold,
    known_secrets,
    lock_file,
    steward_cache,
)
from ..errors import BundleError
from ..processes import View, end_leftovers
from ..state import make_folder
from .events import (
    LogLines,
    PackageEvent,
    Phase,
    Waiting,
)
from .job import BuildJob, decode_job
from .record import Record
from .record_writer import BuildResult, completed
from .worker_base import PAUSE, WorkerProcess, enter


def main(arguments: list[str]) -> int:
    record, lock, given = enter(arguments)
    job = decode_job(BuildJob, given)
    if job is None:
        return 1  # the client was killed while it sent the job
    Worker(record, job).work()
    os.close(lock)
    # No client waits now: flush the environment to disk.
    with contextlib.suppress(OSError), hold(job.path, shared=True, wait=False) as held:
        if held and complete(job.path) is not None:
            flush(job.path)
    return 0


class Worker:
    """One build, from its job to its end."""

    def __init__(self, record: Record, job: BuildJob) -> None:
        self._process = WorkerProcess(record, job.run_as)
        self._record = record
        self._job = job
        self._writer = self._process.writer
        self._steps = self._process.runner

    def work(self) -> None:
        """Build, or wait for the worker that builds the same and take its environment."""
        self._process.work(self._ending, self._job.on_finish)

    def _ending(self) -> BuildResult:
        lock = self._lock_environment()
        if isinstance(lock, BuildResult):
            return lock
        try:
            marker = None if self._job.afresh else complete(self._job.path)
            if marker is not None:
                self._writer.log(f"Using cached environment: {marker.identity}\n")
                lines = completed(self._writer.build, marker.packages)
                result = BuildResult("succeeded", lines, reused=True, packages=marker.packages)
                return self._checked(result)
            slot = self._process.take_slot(self._job.places)
            try:
                return self._checked(self._make())
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

        check = check_content(self._process, job)
        lines = (*check_lines(check), *result.lines)
        return replace(result, lines=lines, check=check)

    def _make(self) -> BuildResult:
        job, record = self._job, self._record
        self._steps.begin(job.time_limit)
        self._steps.secrets = known_secrets(
            job.build_environment, job.secret_names, job.texts.values()
        )
        self._writer.log(f"Creating environment: {job.path.name}\n")
        make_folder(record.work)
        try:
            bundle = self._unpack()
        except BundleError as error:
            return BuildResult("failed", (f"pysteward: {error}",))
        # What its programs see of the state directory.
        self._steps.view = View(
            job.state_dir, (job.path, record.work), (steward_cache(job.state_dir, job.run_as),)
        )
        made = build_environment(
            job.spec,
            job.path,
            self._steps,
            work=record.work,
            cache=steward_cache(job.state_dir, job.run_as),
            pip_log=record.work / "pip.log",
            bundle=bundle,
            requirements_file=None if job.package_file is None else bundle / job.package_file,
            build_environment=job.build_environment,
            run_as=job.run_as,
            prohibited=job.prohibited,
            conditions=conditions_of(job.spec, job.prohibited, build=record.id),
        )
        return self._failure(made) if isinstance(made, EnvironmentFailed) else self._success(made)

    def _success(self, made: EnvironmentBuilt) -> BuildResult:
        return BuildResult(
            "succeeded",
            completed(self._writer.build, made.packages),
            packages=made.packages,
            installer=made.marker.installer,
            findings=made.findings,
        )

    def _failure(self, failed: EnvironmentFailed) -> BuildResult:
        return BuildResult("failed", (f"pysteward: {failed.message}",))

    def _unpack(self) -> Path:
        """Return the directory that pip works in, with what it needs of the bundle."""
        folder = self._record.work / "bundle"
        if self._job.bundle is not None:
            from ..bundles import open_bundle, unpack

            unpack(open_bundle(self._job.bundle), folder)
        for name, text in self._job.texts.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode("latin-1"))
        folder.mkdir(exist_ok=True)
        self._steps.give(folder)
        return folder

    def _lock_environment(self) -> int | BuildResult:
        """Return the lock of the environment, or the end where another build of it has failed.

        Builds of one environment never run twice at once: the others wait for the first, show what
        it does, and take what it has made. A failure would only repeat itself, so they take that.
        """
        path = self._job.path
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
            name = lock_file(self._job.path).read_text("ascii")
        except (OSError, UnicodeDecodeError):
            return None
        record = Record(self._record.folder.parent / Path(name).name)
        return record if name and record != self._record and record.events.exists() else None

    def _name_holder(self, name: str) -> None:
        with (
            contextlib.suppress(OSError),
            open(lock_file(self._job.path), "w", encoding="ascii") as file,
        ):
            file.write(name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
