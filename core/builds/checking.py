"""A start check inside of a worker: lay out content's files, start it, explain its log."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from ..environments import let_through_to
from ..errors import BundleError
from ..file_io import BLOCK, open_regular, read_regular
from ..findings import Finding
from ..processes import View, find_confinement
from ..running import OUTPUT, Checker, CheckResult, RunJob, explain_failure
from ..safe_text import decode
from ..secrets import KnownSecrets
from ..state import make_directory, write_whole
from .record import Record
from .runner import BuildRunner
from .worker_base import WorkerProcess

_GRACE = 10.0  # seconds; the driver ends content at its time limit, and then this
_SHORTEST_SECRET = 6
_LARGEST_LOG = 64 << 20
_LARGEST_DOCUMENT = 1 << 30


def secrets_of(job: RunJob) -> KnownSecrets:
    """Return what is masked: every value that content is given, of six characters or more."""
    return KnownSecrets({each for each in job.variables.values() if len(each) >= _SHORTEST_SECRET})


def prepare_content(job: RunJob, record: Record, runner: BuildRunner) -> Path:
    """Lay out the content's files, which then belong to the user who runs it; return where.

    Raises BundleError, OSError.
    """
    from ..bundles import open_bundle, unpack

    work = record.work / "run"
    content = work / "content"
    make_directory(work)
    unpack(open_bundle(job.bundle), content)
    for name in ("home", "tmp", "cache"):
        (work / name).mkdir(0o700, exist_ok=True)
        runner.give(work / name)
    runner.give(content)
    if runner.is_another_user:
        let_through_to(work, job.state_dir)
    own = (job.environment,) if job.state_dir in job.environment.parents else ()
    runner.view = View(job.state_dir, (work,), own, has_network=job.has_network)
    return content


def check_content(process: WorkerProcess, job: RunJob) -> CheckResult:
    """Start the job's content, ask it and end it, or render its document; return what was found,
    with its findings.

    Raises what the runner raises, and OSError.
    """
    record, runner = process.writer.record, process.runner
    confinement = find_confinement()
    if not confinement.is_whole and not job.has_network:
        why = (
            f"nothing here can start content without the network ({confinement.reason}); "
            "check-network = true allows it"
        )
        runner.log(f"pysteward: not checked: {why}")
        return CheckResult("not-checked", why)
    runner.secrets = secrets_of(job)
    runner.begin(job.limits.timeout + _GRACE)
    start = process.writer.offset
    try:
        content = prepare_content(job, record, runner)
    except BundleError as error:
        return CheckResult("not-checked", f"its files cannot be laid out: {error.message}")
    checker = Checker(job, runner, content, content.parent)
    result = checker.check() if job.kind == "check" else checker.render()
    if job.kind == "render" and result.starts == "yes":
        return _kept(result, content, record)
    if result.starts != "no":
        return result
    return _explained(result, job, record, start, content, runner.secrets)


def check_lines(result: CheckResult, verb: str = "starts") -> tuple[str, ...]:
    """Return the last lines of the log of a start check, or of a render."""
    lines = [f"waited for: {each}" for each in result.waited_for]
    lines += [f"not opened: {each}" for each in result.not_opened]
    lines.append(f"{verb}: {result.starts}: {result.why}")
    return tuple(f"pysteward: {each}" for each in lines)


def _kept(result: CheckResult, content: Path, record: Record) -> CheckResult:
    """Keep the rendered document in the record; what is no file, or too large, is a failure."""
    try:
        data = read_regular(content / OUTPUT, _LARGEST_DOCUMENT)
    except OSError as error:
        why = f"it wrote no document that can be kept: {error.strerror}"
        return replace(result, starts="no", why=why)
    write_whole(record.output, data)
    return replace(result, why=f"{len(data)} bytes of HTML")


def _explained(
    result: CheckResult,
    job: RunJob,
    record: Record,
    start: int,
    content: Path,
    secrets: KnownSecrets,
) -> CheckResult:
    """Return the result with what the log says, from the byte where the check began."""
    from .. import diagnosis

    before, said = _split(record.log, start)
    findings = diagnosis.diagnose_log(said).findings
    lines = [decode(line) for line in said.split(b"\n")]
    while lines and not lines[-1]:
        lines.pop()
    found = explain_failure(result, job, lines, findings, content, secrets)
    return replace(found, findings=tuple(_moved(each, before) for each in found.findings))


def _split(log: Path, start: int) -> tuple[int, bytes]:
    """Return the number of lines before a byte of a log, and what follows it, up to 64 MiB."""
    lines = 0
    with os.fdopen(open_regular(log), "rb") as file:
        while start > 0 and (block := file.read(min(start, BLOCK))):
            lines += block.count(b"\n")
            start -= len(block)
        return lines, file.read(_LARGEST_LOG)


def _moved(finding: Finding, count: int) -> Finding:
    """Return a finding whose evidence in the log stands so many lines further down."""
    evidence = tuple(
        replace(each, line=each.line + count) if each.source == "log" else each
        for each in finding.evidence
    )
    return replace(finding, evidence=evidence)
