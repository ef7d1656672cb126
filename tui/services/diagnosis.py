"""What the screen of diagnosis is opened with, and what is found out about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.diagnosis import Diagnosis, KnownFacts, diagnose_log
from ...core.errors import StateError
from ...core.frozen import frozen

if TYPE_CHECKING:
    from ...core.builds import Record
    from ...core.diagnosis.bundles import Server
    from ..app.session import Session
    from .content import ContentService

LOG, DEBUG = "log", "pip.log"


@frozen
class DiagnosisInput:
    """Something to diagnose: a build by its id, or a log or a bundle by its path.

    debug: pip's full log of the same build. name: what to call it; by default its path or id.
    """

    build: str | None = None
    path: Path | None = None
    debug: Path | None = None
    name: str = ""


@frozen
class Examination:
    """What was found out.

    logs: the files in which evidence lies, by the name of its source; the shown log first.
    record: where they are taken from; kept, for one from elsewhere goes when nobody has it.
    """

    name: str
    diagnosis: Diagnosis
    logs: Mapping[str, Path] = field(default_factory=dict[str, Path])
    record: Record | None = None


def server_of(session: Session) -> Server:
    """What a bundle meets here."""
    from ...core.diagnosis.bundles import Server
    from ...core.installations import candidates
    from ...core.matching import Policy

    settings, policy = session.settings, Policy.parse(session.policy)
    at_hand = candidates(session.installations)
    if settings is None:
        return Server(at_hand, policy)
    return Server(
        at_hand,
        policy,
        settings.enabled,
        settings.environment_management,
        settings.effective_prohibited,
        settings.build_environment,
    )


def examine(case: DiagnosisInput, workshop: ContentService | None, server: Server) -> Examination:
    """Diagnose it; blocks as long as the log is long. Raises StewardError."""
    if case.build is not None:
        if workshop is None:
            raise StateError("there are no builds here", code="build-unknown")
        return _examine_record(case.name or case.build, workshop.record(case.build))
    if case.path is None:
        raise StateError("there is nothing to diagnose", code="nothing-given")
    name = case.name or str(case.path)
    if not is_bundle(case.path):
        return _examine_log(name, case.path, case.debug)
    record = _exported(case.path)
    if record is not None:
        return _examine_record(name, record)
    from ...core.diagnosis.bundles import diagnose_bundle

    return Examination(name, diagnose_bundle(case.path, server))


def is_bundle(path: Path) -> bool:
    """Whether it is content to be deployed and no log: a folder, an archive, a manifest."""
    if path.is_dir() or path.name == "manifest.json":
        return True
    try:
        with open(path, "rb") as file:
            head = file.read(512)
    except OSError:
        return False
    return head.startswith(b"\x1f\x8b") or head[257:262] == b"ustar"


def _exported(path: Path) -> Record | None:
    """A build's record from elsewhere; None where this is none."""
    from ...core.builds import open_record

    try:
        return open_record(path)
    except StateError as problem:
        if problem.code in ("record-invalid", "record-unreadable"):
            return None
        raise


def _examine_record(name: str, record: Record) -> Examination:
    build = record.read()
    authored = build.asked.kind != "build-python"
    known = KnownFacts(authored=authored)
    if build.python is not None:
        known = KnownFacts(build.python.version, build.python.executable, authored)
    return replace(_examine_log(name, record.log, record.pip_log, known), record=record)


def _examine_log(
    name: str, log: Path, debug: Path | None, known: KnownFacts | None = None
) -> Examination:
    if debug is not None and not debug.exists():
        debug = None
    try:
        diagnosis = diagnose_log(
            log, source=LOG, debug_log=debug, debug_source=DEBUG, context=known
        )
    except OSError as problem:
        raise StateError(
            f"the log cannot be read: {problem.strerror}", code="log-unreadable", file=log
        ) from None
    logs = {LOG: log} if debug is None else {LOG: log, DEBUG: debug}
    return Examination(name, diagnosis, logs)
