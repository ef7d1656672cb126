"""`pysteward diagnose`: explain why a build failed, from its log, a record or a bundle."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ....core import diagnosis as engine
from ....core.bundles import open_bundle
from ....core.diagnosis import Diagnosis, diagnose_log, diagnosis_as_json
from ....core.errors import UsageError
from ....core.findings import Finding
from ....core.safe_text import safe_line
from ....core.server import Server
from ....core.services import DiagnosisInput, DiagnosisService, is_bundle
from ...messages import ExitCode, note
from ...output import Output
from ...start import PipedInput, Start
from . import Verb, add_json

if TYPE_CHECKING:
    from ....core.diagnosis.probes import Check

_SHOWN = 400  # characters of a line of evidence; programs get all of it
_HEADINGS = {"cause": "cause", "consequence": "and so", "warning": "warning"}
_NOT_ASKED = "not asked: whether the index has these versions for that Python; --probe asks it"
_NOTHING = {
    "succeeded": "nothing failed",
    "unknown": "nothing here says how it ended",
}


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        help="log (-: standard input), directory of logs, record, bundle, or id of a build or run",
    )
    parser.add_argument(
        "--explain",
        metavar="CODE",
        help="say what a finding's code means (list: all codes)",
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
    if arguments.explain is not None:
        return _explain(arguments.explain, out)
    if arguments.file is None:
        raise UsageError("name what to diagnose: a log, a directory of logs, a bundle or a build")
    if arguments.connect is not None:
        return _examine_remote(arguments, out)
    if arguments.tui:
        return _start(arguments, server)
    if _is_directory_of_logs(arguments.file):
        return _examine_directory(arguments, out)
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
    unclear = _is_log(arguments.file) and diagnosis.outcome != "succeeded"
    return ExitCode.NO if failed or unclear else ExitCode.YES


def _explain(code: str, out: Output) -> ExitCode:
    """Show the page of a finding's code, or the list of all codes."""
    if code == "list":
        pages = engine.list_pages()
        if out.as_json:
            out.document([dict(engine.page_as_json(page)) for page in pages])
        else:
            out.table(("CODE", "MEANING"), [(page.code, page.meaning) for page in pages])
        return ExitCode.YES
    page = engine.page_of(code)
    if out.as_json:
        out.document(dict(engine.page_as_json(page)))
        return ExitCode.YES
    out.line(f"{page.code}: {page.meaning}")
    for name, text in (
        ("why it happens", page.why),
        ("how to make sure", page.check),
        ("remedy", page.remedy),
        ("for the author", page.author),
    ):
        if text:
            out.line(f"  {name}: {text}")
    return ExitCode.YES


def _is_log(file: str) -> bool:
    return file == "-" or (os.path.isfile(file) and not is_bundle(Path(file)))


def _is_directory_of_logs(file: str) -> bool:
    """Return whether FILE is a directory that is neither a bundle nor a record."""
    known = ("manifest.json", "build.json")
    return os.path.isdir(file) and not any(
        os.path.lexists(os.path.join(file, name)) for name in known
    )


def _examine_directory(arguments: argparse.Namespace, out: Output) -> ExitCode:
    """Diagnose every log below a directory: one table, or one document."""
    for option in ("debug_log", "probe", "report"):
        if getattr(arguments, option):
            name = option.replace("_", "-")
            raise UsageError(f"--{name} is for one log, and FILE is a directory of logs")
    try:
        logs = list(engine.diagnose_directory(arguments.file))
    except OSError as problem:
        raise UsageError(
            f"cannot list the directory: {problem.strerror or problem}",
            code="log-unreadable",
            file=arguments.file,
        ) from None
    if not logs:
        raise UsageError(
            "the directory holds neither logs nor a bundle (manifest.json) nor a record",
            code="log-unreadable",
            file=arguments.file,
        )
    if out.as_json:
        out.document(dict(engine.directory_as_json(logs)))
    else:
        out.table(("LOG", "OUTCOME", "CODE", "CAUSE"), [_row(one) for one in logs])
    succeeded = all(one.diagnosis and one.diagnosis.outcome == "succeeded" for one in logs)
    return ExitCode.YES if succeeded else ExitCode.NO


def _row(one: engine.LogDiagnosis) -> tuple[str, str, str, str]:
    name = safe_line(one.name, _SHOWN)
    if one.diagnosis is None:
        return name, "unreadable", "", safe_line(one.why, _SHOWN)
    found = next(iter(one.diagnosis.findings), None)
    if found is None:
        return name, one.diagnosis.outcome, "", ""
    return name, one.diagnosis.outcome, found.code, safe_line(found.cause, _SHOWN)


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
        note(_NOT_ASKED if open_bundle(file).needs_python else "this content needs no Python")
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
