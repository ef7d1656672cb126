"""Diagnosis service: what a file or a build is, why it failed, what the index and machine say."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import builds, bundles, diagnosis, resolution, upgrades
from ..diagnosis import Diagnosis, KnownFacts
from ..errors import BundleError, StateError, UsageError
from ..file_io import open_regular
from ..frozen import frozen
from ..installations import candidates
from ..matching import Matcher, Policy
from ..server import Server

if TYPE_CHECKING:
    from ..builds import Build, Record
    from ..bundles import Bundle
    from ..diagnosis.probes import Check
    from ..versions import PythonVersion

LOG = "log"
DEBUG_LOG = "pip.log"
_NOT_A_RECORD = ("record-invalid", "record-unreadable")


@frozen
class DiagnosisInput:
    """Something to diagnose: a build by its id, or a log or a bundle by its path.

    debug: pip's full log of the same build. name: what to call it; by default its path or id.
    source, debug_source: what evidence from a log names as its source.
    """

    build: str | None = None
    path: Path | None = None
    debug: Path | None = None
    name: str = ""
    source: str = LOG
    debug_source: str = DEBUG_LOG

    @property
    def title(self) -> str:
        return self.name or self.build or str(self.path)


@frozen
class Examination:
    """What was found out.

    logs: the files that evidence is in, by the name of its source; the shown log first.
    record: the files belong to it. It is kept here, because the files of an exported record are
    removed with it.
    """

    name: str
    diagnosis: Diagnosis
    logs: Mapping[str, Path] = field(default_factory=dict[str, Path])
    record: Record | None = None


class DiagnosisService:
    """Diagnoses on one server. Methods raise StewardError and may block."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def subject(self, name: str, debug: Path | None = None) -> DiagnosisInput:
        """Return what a name on the command line stands for: an existing file, else a build."""
        if not os.path.exists(name):
            return DiagnosisInput(build=name)
        return DiagnosisInput(
            path=Path(name),
            debug=debug,
            source=os.path.basename(name),
            debug_source=DEBUG_LOG if debug is None else debug.name,
        )

    def examine(self, subject: DiagnosisInput) -> Examination:
        """Diagnose it.

        Raises: UsageError (``log-unreadable``) where there is neither such a file nor such a build.
        """
        if subject.build is not None:
            return self._examine_build(subject, subject.build)
        if subject.path is None:
            raise StateError("there is nothing to diagnose", code="nothing-given")
        if not is_bundle(subject.path):
            return _examine_log(subject, subject.path, subject.debug)
        record = _exported(subject.path)
        if record is not None:
            return _examine_record(subject, record)
        return Examination(subject.title, self._diagnose_bundle(subject.path))

    def probe(self) -> Iterator[Check]:
        """Check the index, the disk and the interpreters, one after the other."""
        from ..diagnosis.probes import Surroundings, probe

        surroundings = Surroundings(
            self._server.settings.build_environment,
            [self._server.state_dir],
            self._server.analysis().installations,
        )
        return probe(surroundings)

    def refine(self, found: Diagnosis, checks: Sequence[Check]) -> Diagnosis:
        """Return the diagnosis with what the checks add to it."""
        from ..diagnosis.probes import refine

        return refine(found, checks)

    def python_for(self, bundle: Bundle) -> PythonVersion | None:
        """Return the Python that a bundle would get; None where nothing is installed for it."""
        settings = self._server.settings
        if not (settings.environment_management and bundle.needs_python):
            return None
        if not bundle.manifest.wants_packages:
            return None
        matcher = Matcher(
            candidates(self._server.analysis().installations),
            Policy.parse(settings.version_matching),
        )
        selected = matcher.decide(bundles.request_of(bundle)).selected
        return None if selected is None else selected.version

    def check_with_index(
        self, found: Diagnosis, bundle: Bundle, python: PythonVersion
    ) -> Diagnosis:
        """Ask whether the requirements of a bundle install on a Python; installs nothing.

        Return the diagnosis, with the findings where they do not.
        """
        server, settings = self._server, self._server.settings
        asked = upgrades.preflight_question(
            bundle, settings.effective_prohibited, python, settings.build_environment
        )
        cache = server.state_dir / "cache" / "preflight"
        with resolution.prepared(cache, settings.build_environment, server.run_as) as pip:
            answer = upgrades.answer_question(asked, pip)
        if answer.outcome != "fails":
            return found
        return replace(found, outcome="failed", findings=(*answer.findings, *found.findings))

    def _examine_build(self, subject: DiagnosisInput, build: str) -> Examination:
        try:
            return _examine_record(subject, builds.find_run(self._server.state_dir, build))
        except StateError as problem:
            if problem.code != "run-unknown":
                raise
            raise UsageError(
                "there is neither a file nor a build of this name; check the path, "
                "or see pysteward builds list and pysteward runs list",
                code="log-unreadable",
                file=build,
            ) from None

    def _diagnose_bundle(self, path: Path) -> Diagnosis:
        from ..diagnosis.bundles import Server as CheckedServer, diagnose_bundle

        settings = self._server.settings
        checked = CheckedServer(
            candidates(self._server.analysis().installations),
            Policy.parse(settings.version_matching),
            settings.enabled,
            settings.environment_management,
            settings.effective_prohibited,
            settings.build_environment,
        )
        return diagnose_bundle(path, checked)


def is_bundle(path: Path) -> bool:
    """Return whether a file is content to deploy and not a log: a directory, archive, manifest."""
    if path.is_dir() or path.name == "manifest.json":
        return True
    try:
        with open(open_regular(path, follow=True), "rb") as file:
            head = file.read(512)
    except OSError:
        return False
    return head.startswith(b"\x1f\x8b") or head[257:262] == b"ustar"


def _exported(path: Path) -> Record | None:
    """Return an exported build record; None where the file is none."""
    try:
        return builds.open_record(path)
    except StateError as problem:
        if problem.code in _NOT_A_RECORD:
            return None
        raise


def _examine_record(subject: DiagnosisInput, record: Record) -> Examination:
    build = record.read()
    texts = _requirements(record, build)
    known = KnownFacts(
        authored=build.asked.kind != "build-python",
        index_lines=diagnosis.index_lines_of(texts),
        conda_list=diagnosis.conda_list_of(texts),
    )
    if build.python is not None:
        known = replace(known, python=build.python.version, interpreter=build.python.executable)
    named = replace(subject, source=LOG, debug_source=DEBUG_LOG)
    debug = record.pip_log if record.pip_log.exists() else None
    if build.is_run and build.finished:
        # Its worker had the content's own files, and quotes them.
        outcome = "failed" if build.outcome == "failed" else "succeeded"
        found = Diagnosis(outcome, build.findings)
        return Examination(subject.title, found, {LOG: record.log}, record)
    return replace(_examine_log(named, record.log, debug, known), record=record)


def _requirements(record: Record, build: Build) -> dict[str, bytes]:
    """Return the files of a failed build's requirements by name, as far as they are kept."""
    path = bundles.stored_bundle(record.state_dir, build.asked.digest)
    if path is None or build.outcome == "succeeded":
        return {}
    try:
        files = bundles.open_bundle(path).requirements().files
    except BundleError:
        return {}
    return {file.name: file.data for file in files}


def _examine_log(
    subject: DiagnosisInput, log: Path, debug: Path | None, known: KnownFacts | None = None
) -> Examination:
    source, debug_source = subject.source, subject.debug_source
    try:
        found = diagnosis.diagnose_log(
            log, source=source, debug_log=debug, debug_source=debug_source, context=known
        )
    except OSError as problem:
        raise UsageError(
            f"cannot read the log: {problem.strerror or problem}",
            code="log-unreadable",
            file=problem.filename or log,
        ) from None
    logs = {source: log} if debug is None else {source: log, debug_source: debug}
    return Examination(subject.title, found, logs)
