"""What the screen of diagnosis is opened with, and what is found out about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import StateError

if TYPE_CHECKING:
    from ..core.diagnosis import Diagnosis
    from ..core.diagnosis.bundles import Server
    from .session import Session
    from .workshop import Workshop

LOG, DEBUG = "log", "pip.log"


@dataclass(frozen=True, slots=True)
class Case:
    """Something to diagnose: a build by its id, or a log or a bundle by its path.

    debug: pip's full log of the same build. name: what to call it; by default its path or id.
    """

    build: str | None = None
    path: Path | None = None
    debug: Path | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found out.

    logs: the files in which evidence lies, by the name of its source; the shown log first.
    """

    name: str
    diagnosis: Diagnosis
    logs: Mapping[str, Path] = field(default_factory=dict[str, Path])


def server_of(session: Session) -> Server:
    """What a bundle meets here."""
    from ..core.diagnosis.bundles import Server
    from ..core.installations import candidates
    from ..core.matching import Policy

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
    )


def examine(case: Case, workshop: Workshop | None, server: Server) -> Examined:
    """Diagnose it; blocks as long as the log is long. Raises StewardError."""
    if case.build is not None:
        if workshop is None:
            raise StateError("there are no builds here", code="build-unknown")
        record = workshop.record(case.build)
        return _examine_log(case.name or record.id, record.log, record.pip_log)
    if case.path is None:
        raise StateError("there is nothing to diagnose", code="nothing-given")
    if is_bundle(case.path):
        from ..core.diagnosis.bundles import diagnose_bundle

        return Examined(case.name or str(case.path), diagnose_bundle(case.path, server))
    return _examine_log(case.name or str(case.path), case.path, case.debug)


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


def _examine_log(name: str, log: Path, debug: Path | None) -> Examined:
    from ..core.diagnosis import diagnose_log

    if debug is not None and not debug.exists():
        debug = None
    try:
        diagnosis = diagnose_log(log, source=LOG, debug_log=debug, debug_source=DEBUG)
    except OSError as problem:
        raise StateError(
            f"the log cannot be read: {problem.strerror}", code="log-unreadable", file=log
        ) from None
    logs = {LOG: log} if debug is None else {LOG: log, DEBUG: debug}
    return Examined(name, diagnosis, logs)
