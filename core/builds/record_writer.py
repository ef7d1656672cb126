"""How a build ends: its last words, its findings, its record, the database."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from .. import diagnosis
from ..errors import StateError
from ..findings import Finding
from ..secrets import mask_secrets
from ..state import BuildRow, Database, EnvironmentRow, open_database
from ..times import now
from .ending import BuildResult
from .events import Finished
from .model import Build
from .record import Record, Writer, drop_ballast


def finish(
    record: Record,
    writer: Writer,
    build: Build,
    ending: BuildResult,
    state_dir: Path,
    *,
    store: Database | None = None,
    first: Callable[[Database], None] | None = None,
) -> Build:
    """Write down how the build has ended: first in its record, which counts, then elsewhere.

    store: the database, where it is open already. first: what else has to get into it, in the same
    change; then a database that cannot be written is an error (StateError), and else it is for the
    next reader to settle.

    Raises OSError where not even the room that was kept suffices.
    """
    drop_ballast(record)
    for line in ending.lines:
        writer.log(mask_secrets(line) + "\n")
    findings = ending.findings
    if ending.outcome == "failed" and not findings:
        findings = _diagnose(record)
    if ending.outcome == "succeeded":
        writer.phase("done")
    finished = replace(
        build,
        outcome=ending.outcome,
        phase="done" if ending.outcome == "succeeded" else record.last_phase() or build.phase,
        reused=ending.reused,
        environment=build.environment if ending.packages is not None else None,
        packages=ending.packages or (),
        findings=findings,
        finished=now(),
    )
    record.write(finished)
    try:
        with contextlib.nullcontext(store) if store else open_database(state_dir) as opened:
            index_build(opened, finished, ending.installer, first=first)
    except StateError:
        if first is not None:
            raise
    writer.event(Finished(time.time(), writer.offset, ending.outcome))
    return finished


def index_build(
    store: Database,
    build: Build,
    installer: str | None = None,
    *,
    first: Callable[[Database], None] | None = None,
) -> None:
    """Have the database say what the record says. Raises StateError."""
    with store.change():
        if first is not None:
            first(store)
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
        store.use_environment(build.content, environment.id, build.id)


def row_of(build: Build) -> BuildRow:
    """The build as lists show it."""
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


def _diagnose(record: Record) -> tuple[Finding, ...]:
    """What the log says about a failure, the root cause first."""
    debug_log = record.pip_log if record.pip_log.exists() else None
    known = diagnosis.KnownFacts(authored=record.read().asked.kind != "build-python")
    return diagnosis.diagnose_log(record.log, debug_log=debug_log, context=known).findings
