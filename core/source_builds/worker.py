"""The process that installs: ``python -m pysteward.core.source_builds.worker RECORD LOCK``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ..builds import BuildResult, WorkerProcess, decode_job, enter
from ..environments import known_secrets, take_over
from .installer import Failure, Installing
from .job import PythonJob
from .prefix import clear


def main(arguments: list[str]) -> int:
    record, lock, given = enter(arguments)
    job = decode_job(PythonJob, given)
    if job is None:
        return 1  # the client was killed while it sent the job
    worker = WorkerProcess(record, job.run_as)
    worker.runner.secrets = known_secrets(job.build_environment, job.secret_names)
    worker.work(lambda: _installed_or_removed(worker, job), job.on_finish)
    os.close(lock)
    return 0


def _installed_or_removed(worker: WorkerProcess, job: PythonJob) -> BuildResult:
    """Install; unless that comes to its end, nothing is left in the prefix."""
    try:
        slot = worker.take_slot(job.places)
        try:
            return Installing(worker, job).run()
        finally:
            os.close(slot)
    except BaseException as end:
        # No program is at work there any more: each step ends all that it has started.
        prefix = Path(job.prefix)
        clear(prefix, keep=job.keeps_prefix)
        if job.keeps_prefix and job.run_as is not None and os.geteuid() == 0:
            take_over(prefix, job.owner)
        if isinstance(end, Failure):
            return BuildResult("failed", (f"pysteward: {end}",))
        raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
