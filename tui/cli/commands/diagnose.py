"""`pysteward diagnose`: explain why a build failed, from its log, a record or a bundle."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ....core.bundles import open_bundle
from ....core.diagnosis import Diagnosis, diagnose_log, diagnosis_as_json
from ....core.errors import UsageError
from ....core.findings import Finding
from ....core.safe_text import safe_line
from ....core.server import Server
from ....core.services import DiagnosisInput, DiagnosisService
from ...messages import ExitCode, note
from ...output import Output
from ...start import PipedInput, Start
from . import Verb, add_json

if TYPE_CHECKING:
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
    service = DiagnosisService(server)
    diagnosis = _diagnosis(arguments, service)
    checks: list[Check] = []
    if arguments.probe:
        diagnosis = _probe(diagnosis, service, checks)
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


def _diagnosis(arguments: argparse.Namespace, service: DiagnosisService) -> Diagnosis:
    """Diagnose FILE, whatever it is; an existing file comes before a build with that id."""
    file, debug = arguments.file, arguments.debug_log and Path(arguments.debug_log)
    if file == "-":
        return _of_input(debug)
    found = service.examine(service.subject(file, debug))
    if found.logs:
        return found.diagnosis
    if arguments.probe:
        return _check_with_index(found.diagnosis, file, service)
    if found.diagnosis.cause is None:
        note("not asked: whether the index has these versions for that Python; --probe asks it")
    return found.diagnosis


def _of_input(debug: Path | None) -> Diagnosis:
    """Diagnose a log on standard input. Raises: UsageError."""
    try:
        return diagnose_log(
            sys.stdin.buffer,
            source="standard input",
            debug_log=debug,
            debug_source="pip's log" if debug is None else debug.name,
        )
    except OSError as problem:
        raise UsageError(
            f"cannot read the log: {problem.strerror or problem}",
            code="log-unreadable",
            file=problem.filename,
        ) from None


def _check_with_index(diagnosis: Diagnosis, file: str, service: DiagnosisService) -> Diagnosis:
    """Add what the index says about the requirements on the Python that the bundle gets.

    For example a pinned version that does not exist for it. Nothing is installed.
    """
    if diagnosis.cause is not None:
        return diagnosis  # the build fails before that
    bundle = open_bundle(file)
    python = service.python_for(bundle)
    if python is None:
        return diagnosis
    note(f"probing: whether its requirements install on Python {python}")
    return service.check_with_index(diagnosis, bundle, python)


def _probe(diagnosis: Diagnosis, service: DiagnosisService, checks: list[Check]) -> Diagnosis:
    """Check index, disk and interpreters, with progress; fills ``checks``."""
    for check in service.probe():
        note(f"probing: {check.name}")
        checks.append(check)
    return service.refine(diagnosis, checks)


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
