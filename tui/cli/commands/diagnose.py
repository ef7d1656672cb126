"""`pysteward diagnose`: explain why a build failed, from its log, a record or a bundle."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ....core.diagnosis import Diagnosis, KnownFacts as LogContext, diagnose_log, diagnosis_as_json
from ....core.errors import StateError, UsageError
from ....core.findings import Finding
from ....core.safe_text import safe_line
from ....core.server import Server
from ...messages import ExitCode, note
from ...output import Output
from ...services.diagnosis import is_bundle
from ...start import PipedInput, Start
from . import Verb, add_json

if TYPE_CHECKING:
    from ....core.builds import Record
    from ....core.diagnosis.probes import Check

_SHOWN = 400  # characters of a line of evidence; programs get all of it
_HEADINGS = {"cause": "cause", "consequence": "and so", "warning": "warning"}
_NOTHING = {
    "succeeded": "nothing failed",
    "unknown": "nothing here tells of a failure",
}


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="FILE",
        help="build log (- for standard input), exported record, bundle, or build id",
    )
    parser.add_argument(
        "--connect",
        metavar="NAME",
        help="FILE is content of this Connect server: its GUID, name or address",
    )
    parser.add_argument(
        "--debug-log",
        metavar="FILE",
        help="pip's full log (pip --log) of the same build",
    )
    parser.add_argument(
        "--probe",
        action="store_true",
        help="also check the package index, disk and interpreters",
    )
    parser.add_argument(
        "--report",
        metavar="FILE.md",
        help="also write a Markdown report for the author",
    )
    parser.add_argument(
        "--tui", action="store_true", help="open the result in the terminal interface"
    )
    add_json(parser)


def _run(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode | Start:
    if arguments.connect is not None:
        return _examine_remote(arguments, out)
    if arguments.tui:
        return _start(arguments, server)
    diagnosis = _diagnosis(arguments, server)
    checks: Sequence[Check] = ()
    if arguments.probe:
        diagnosis, checks = _probed(diagnosis, server)
    if arguments.report is not None:
        _write_report(diagnosis, arguments.file, Path(arguments.report))
    if out.as_json:
        probed = {"probe": [asdict(check) for check in checks]} if arguments.probe else {}
        out.document({**diagnosis_as_json(diagnosis), **probed})
    else:
        _show(diagnosis, out)
        _show_checks(checks, out)
    failed = any(finding.role != "warning" for finding in diagnosis.findings)
    return ExitCode.NO if failed else ExitCode.YES


def _examine_remote(arguments: argparse.Namespace, out: Output) -> ExitCode:
    """Diagnose content of a Connect server by its last failed job and its bundle."""
    from ..connect_diagnosis import examination_document, examine, show_examination
    from ..connect_source import refuse_together

    refuse_together(arguments, "debug_log", "probe", "tui")
    found = examine(arguments.connect, arguments.file)
    if arguments.report is not None:
        _write_report(found.diagnosis, found.content.label, Path(arguments.report))
    if out.as_json:
        out.document(examination_document(found))
    else:
        show_examination(found, out)
        _show(found.diagnosis, out)
    return ExitCode.NO if found.diagnosis.outcome == "failed" else ExitCode.YES


def _diagnosis(arguments: argparse.Namespace, server: Server) -> Diagnosis:
    """Diagnose FILE, whatever it is; an existing file comes before a build with that id."""
    file = arguments.file
    if file == "-" or (os.path.exists(file) and not is_bundle(Path(file))):
        return _of_log(file, arguments.debug_log)
    if not os.path.exists(file):
        return _of_build(file, server)
    found = _of_exported(file)
    if found is not None:
        return found
    diagnosis = _of_bundle(file, server)
    if arguments.probe:
        return _asked_of_index(diagnosis, file, server)
    if diagnosis.cause is None:
        note("not asked: whether the index has these versions for that Python; --probe asks it")
    return diagnosis


def _of_build(name: str, server: Server) -> Diagnosis:
    from ....core.builds import find

    try:
        return _of_record(find(server.state_dir, name))
    except StateError as problem:
        if problem.code != "build-unknown":
            raise
        raise UsageError(
            "there is neither a file nor a build of this name; check the path, "
            "or see pysteward builds list",
            code="log-unreadable",
            file=name,
        ) from None


def _of_exported(file: str) -> Diagnosis | None:
    """Diagnose an exported build record; None when the file is not one."""
    from ....core.builds import open_record

    try:
        with open_record(Path(file)) as record:
            return _of_record(record)
    except StateError as problem:
        if problem.code in ("record-invalid", "record-unreadable"):
            return None
        raise


def _of_record(record: Record) -> Diagnosis:
    build = record.read()
    authored = build.asked.kind != "build-python"
    known = LogContext(authored=authored)
    if build.python is not None:
        known = LogContext(build.python.version, build.python.executable, authored)
    debug = record.pip_log if record.pip_log.exists() else None
    return diagnose_log(record.log, debug_log=debug, context=known)


def _of_bundle(file: str, server: Server) -> Diagnosis:
    from ....core.diagnosis.bundles import Server as CheckedServer, diagnose_bundle
    from ....core.installations import candidates
    from ....core.matching import Policy

    settings = server.settings
    checked = CheckedServer(
        candidates(server.analysis().installations),
        Policy.parse(settings.version_matching),
        settings.enabled,
        settings.environment_management,
        settings.effective_prohibited,
        settings.build_environment,
    )
    return diagnose_bundle(file, checked)


def _asked_of_index(diagnosis: Diagnosis, file: str, server: Server) -> Diagnosis:
    """Add what the index and pip's resolver say about the requirements on the Python it gets.

    For example a pinned version that does not exist for it. Nothing is installed.
    """
    from ....core.bundles import open_bundle, request_of
    from ....core.installations import candidates
    from ....core.matching import Policy, match
    from ....core.resolution import prepared
    from ....core.upgrades import answer_question, preflight_question

    if any(finding.role == "cause" for finding in diagnosis.findings):
        return diagnosis  # the build fails before that
    bundle, settings = open_bundle(file), server.settings
    managed = settings.environment_management
    if not managed or bundle.manifest.environment_management is False:
        return diagnosis
    if not bundle.manifest.needs_python:
        return diagnosis
    policy = Policy.parse(settings.version_matching)
    found = match(request_of(bundle), candidates(server.analysis().installations), policy).selected
    if found is None or found.version is None:
        return diagnosis
    note(f"probing: whether its requirements install on Python {found.version}")
    cache = server.state_dir / "cache" / "preflight"
    with prepared(cache, settings.build_environment, server.run_as) as pip:
        asked = preflight_question(
            bundle, settings.effective_prohibited, found.version, settings.build_environment
        )
        answer = answer_question(asked, pip)
    if answer.outcome != "fails":
        return diagnosis
    return replace(diagnosis, outcome="failed", findings=(*answer.findings, *diagnosis.findings))


def _probed(diagnosis: Diagnosis, server: Server) -> tuple[Diagnosis, Sequence[Check]]:
    from ....core.diagnosis.probes import Surroundings, probe, refine

    surroundings = Surroundings(
        server.settings.build_environment,
        [server.state_dir],
        server.analysis().installations,
    )
    checks: list[Check] = []
    for check in probe(surroundings):
        note(f"probing: {check.name}")
        checks.append(check)
    return refine(diagnosis, checks), checks


def _show_checks(checks: Sequence[Check], out: Output) -> None:
    if checks:
        out.line()
        rows = [("wrong" if c.code else "", c.name, c.said) for c in checks]
        out.table(("", "PROBE", "ANSWER"), rows)


def _of_log(file: str, debug_log: str | None) -> Diagnosis:
    named = "standard input" if file == "-" else os.path.basename(file)
    try:
        return diagnose_log(
            sys.stdin.buffer if file == "-" else file,
            source=named,
            debug_log=debug_log,
            debug_source="pip's log" if debug_log is None else os.path.basename(debug_log),
        )
    except OSError as problem:
        raise UsageError(
            f"cannot read the log: {problem.strerror or problem}",
            code="log-unreadable",
            file=problem.filename or file,
        ) from None


def _write_report(diagnosis: Diagnosis, subject: str, path: Path) -> None:
    from ....core.diagnosis import report

    text = report(diagnosis, "standard input" if subject == "-" else os.path.basename(subject))
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise UsageError(
            f"cannot write the report: {problem.strerror or problem}", file=path
        ) from None
    note(f"report written to {path}")


def _show(diagnosis: Diagnosis, out: Output) -> None:
    if not diagnosis.findings:
        out.line(_NOTHING.get(diagnosis.outcome, diagnosis.outcome))
    for index, finding in enumerate(diagnosis.findings):
        if index:
            out.line()
        _show_finding(finding, out)


def _show_finding(finding: Finding, out: Output) -> None:
    out.line(f"{_HEADINGS[finding.role]}: {finding.code}")
    out.line(f"  {finding.cause}")
    for line in finding.evidence:
        out.line(f"    {line.source}:{line.line}: {safe_line(line.text.strip(), _SHOWN)}")
    if finding.role == "consequence":
        return
    out.line(f"  remedy: {finding.remedy}")
    if finding.author_remedy is not None:
        out.line(f"  for the author: {finding.author_remedy}")


def _start(arguments: argparse.Namespace, server: Server) -> Start:
    """Open the same in the terminal interface, next to the log."""
    from ...services.backend import LocalBackend
    from ...services.diagnosis import DiagnosisInput

    file, debug = arguments.file, arguments.debug_log and Path(arguments.debug_log)

    def of(path: Path) -> DiagnosisInput:
        return DiagnosisInput(path=path, debug=debug, name="standard input" if file == "-" else "")

    if file == "-":
        argument = PipedInput(of)
    else:
        argument = of(Path(file)) if os.path.exists(file) else DiagnosisInput(build=file)
    return Start(
        backend=LocalBackend(server),
        tab="diagnosis",
        argument=argument,
        instead=f"pysteward diagnose {file}",
    )


VERBS = (
    Verb(
        "", "explain why a build failed", _configure, _run, "diagnose build.log --report build.md"
    ),
)
