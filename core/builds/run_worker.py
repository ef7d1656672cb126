"""The process that runs content: ``python -m pysteward.core.builds.run_worker RECORD LOCK``."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext

from ..findings import Finding
from ..running import CheckResult, RunJob
from ..state import hold
from .checking import check_content, check_lines
from .job import decode_job
from .record_writer import BuildResult
from .worker_base import WorkerProcess, enter


def main(arguments: list[str]) -> int:
    record, lock, given = enter(arguments)
    job = decode_job(RunJob, given)
    if job is None:
        return 1  # the client was killed while it sent the job
    process = WorkerProcess(record, job.run_as)
    process.work(lambda: _run(process, job))
    os.close(lock)
    return 0


def _run(process: WorkerProcess, job: RunJob) -> BuildResult:
    with _held(job) as is_held:
        if not is_held:
            words = "the environment is being built or removed at this moment: try again"
            return BuildResult("failed", (f"pysteward: {words}",))
        result = check_content(process, job)
        return _checked(result) if job.kind == "check" else _rendered(result)


def _held(job: RunJob) -> AbstractContextManager[bool]:
    """Hold the environment, so that nothing removes it; an installation is not ours to hold."""
    if job.state_dir not in job.environment.parents:
        return nullcontext(True)
    return hold(job.environment, shared=True, wait=False)


def _rendered(result: CheckResult) -> BuildResult:
    """Return the end of a render; it succeeds only where the document is there."""
    return BuildResult(
        "succeeded" if result.starts == "yes" else "failed",
        check_lines(result, "rendered"),
        packages=(),
        findings=result.findings or _no_document(result),
    )


def _no_document(result: CheckResult) -> tuple[Finding, ...]:
    if result.starts == "yes":
        return ()
    finding = Finding(
        "content-failed",
        "cause",
        f"The document was not rendered: {result.why}.",
        "Read the log of this run; where a program is missing, install it.",
        None,
        (),
    )
    return (finding,)


def _checked(result: CheckResult) -> BuildResult:
    return BuildResult(
        "failed" if result.is_failure else "succeeded",
        check_lines(result),
        packages=(),
        findings=result.findings,
        check=result,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
