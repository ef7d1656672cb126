"""Records of builds as the engine writes them, without building anything."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pysteward.core.builds import (
    Asked,
    Build,
    BuildOutcome,
    Considered,
    EnvironmentRef,
    Finished,
    PackageEvent,
    Phase,
    Python,
    Record,
)
from pysteward.core.builds.record_writer import RecordWriter, row_of
from pysteward.core.findings import Evidence, Finding
from pysteward.core.services import (
    BuildService,
    ContentService,
    DiagnosisService,
    EnvironmentService,
    PythonBuildService,
    UpgradeService,
)
from pysteward.core.state.database import BundleRow, ContentRow, open_database
from pysteward.tui.app.session import Session

NOON = 1_760_000_000.0

LOG = """\
Bundle requested Python version 3.11.2; using /opt/python/3.11.7/bin/python3
Skipped packages: appnope
Creating environment: 8b1c2d3e4f5a6b7c8d9e0f
Collecting flask==2.0
  Downloading Flask-2.0.0-py3-none-any.whl (93 kB)
WARNING: something is deprecated
ERROR: Could not find a version that satisfies the requirement nothere==9.9 (from versions: none)
ERROR: No matching distribution found for nothere==9.9
pysteward: pip could not install the requirements (exit status 1)
"""

FINDING = Finding(
    "package-not-found",
    "cause",
    "The index lists no file for nothere[extra].",
    "Check the address of the index in /etc/pip.conf.",
    "Check the spelling of nothere in requirements.txt.",
    (Evidence("log", 7, LOG.splitlines()[6]),),
)

ASKED = Asked(
    kind="deploy",
    by="alice",
    bundle="/srv/upload/bundle.tar.gz",
    digest="d" * 64,
    request="3.11.2",
    matching="nearest",
    creator="virtualenv",
    installer="pip",
    prohibited=("appnope",),
)


@dataclass
class Held:
    """A build that seems to run: its worker's lock is held here."""

    build: Build
    writer: RecordWriter
    lock: int

    @property
    def record(self) -> Record:
        return Record(self.build.directory)

    def say(self, *lines: str) -> None:
        self.writer.log("".join(f"{line}\n" for line in lines))

    def phase(self, name: str, detail: str = "") -> None:
        self.writer.event(Phase(NOON + 5, self.writer.offset, name, detail))

    def package(self, name: str, action: str) -> None:
        self.writer.event(PackageEvent(NOON + 6, self.writer.offset, name, "1.0", action))

    def end(self, outcome: BuildOutcome, findings: Sequence[Finding] = ()) -> None:
        ended = replace(
            self.build,
            outcome=outcome,
            phase="done",
            finished="2025-10-09T08:53:40Z",
            findings=tuple(findings),
        )
        self.record.write(ended)
        self.writer.event(Finished(NOON + 20, self.writer.offset, outcome))
        self.release()

    def release(self) -> None:
        if self.lock >= 0:
            os.close(self.lock)
            self.lock = -1


def write_build(
    state_dir: Path,
    number: int,
    outcome: BuildOutcome = "failed",
    *,
    content: str = "dashboard",
    log: str = LOG,
    **changes: Any,
) -> Held:
    """One build with its record and its rows. number: 1 to 39; higher is newer."""
    import fcntl

    build_id = f"20251009-0853{20 + number}000-abc{number}"
    directory = state_dir / "builds" / build_id
    directory.mkdir(parents=True)
    lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o640)
    fcntl.flock(lock, fcntl.LOCK_EX)
    findings = (FINDING,) if outcome == "failed" else ()
    build = Build(
        id=build_id,
        content=content,
        outcome=outcome,
        phase="done",
        reused=False,
        python=Python("3.11.7", "/opt/python/3.11.7/bin/python3", "least-greater"),
        environment=EnvironmentRef(
            "8b1c2d3e4f5a6b7c8d9e0f", "/var/lib/pysteward/environments/8b1c"
        ),
        directory=directory,
        started=f"2025-10-09T08:53:{20 + number}Z",
        finished=None if outcome == "running" else "2025-10-09T08:53:40Z",
        asked=ASKED,
        considered=(
            Considered("3.11.7", "/opt/python/3.11.7/bin/python3", "chosen", "the lowest above"),
            Considered("3.9.18", "/opt/python/3.9.18/bin/python3", "rejected", "another minor"),
        ),
        reason="3.11.7 is the lowest version above 3.11.2",
        skipped=("appnope",),
        packages=(("flask", "2.0.0"),) if outcome == "succeeded" else (),
        findings=findings,
    )
    build = replace(build, **changes)
    with open_database(state_dir):
        pass  # a record without a database says that it was lost
    record = Record(directory)
    record.write(build)
    writer = RecordWriter(record, build)
    held = Held(build, writer, lock)
    writer.event(Phase(NOON, 0, "match", ASKED.request))
    lines = log.splitlines(keepends=True)
    writer.log("".join(lines[:3]))
    writer.event(Phase(NOON + 1, writer.offset, "create", ""))
    writer.event(Phase(NOON + 2, writer.offset, "resolve", ""))
    writer.event(PackageEvent(NOON + 3, writer.offset, "flask", "2.0", "found"))
    writer.log("".join(lines[3:]))
    if outcome != "running":
        writer.event(Finished(NOON + 4, writer.offset, outcome))
        held.release()
    with open_database(state_dir) as store, store.change():
        store.put_bundle(BundleRow("d" * 64, "bundle.tar.gz", 1000, build.started))
        store.put_build(row_of(build))
        store.put_content(
            ContentRow(
                name=content,
                bundle="d" * 64,
                request="3.11.2",
                python="3.11.7",
                executable="/opt/python/3.11.7/bin/python3",
                rule="least-greater",
                environment=None,
                build=build_id,
                created="2025-10-09T08:53:20Z",
                updated=build.started,
            )
        )
    return held


class Desk:
    """A Source with builds and content, and installations of no interest here."""

    why_read_only: str | None = None

    def __init__(self, context: Any) -> None:
        self.context = context

        self.content = ContentService(context)
        self.builds = BuildService(context)
        self.environments = EnvironmentService(context)
        self.upgrades = UpgradeService(context)
        self.python_builds = PythonBuildService(context)
        self.diagnosis = DiagnosisService(context)

    def opening(self) -> Session:
        settings = self.context.settings
        return Session(
            host="server",
            user="alice",
            settings_label="/etc/pysteward.toml",
            policy=settings.version_matching,
            settings=settings,
        )

    def analyze(self, on_result: object, *, fresh: bool) -> object:
        from pysteward.core.installations import Analysis

        return Analysis(installations=(), log=())

    def reread(self) -> Session:
        return self.opening()

    def usage(self) -> dict[str, int]:
        return {}

    def changed_on_disk(self) -> bool:
        return False
