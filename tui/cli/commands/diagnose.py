"""`pysteward diagnose`: why a build failed, from its log, a bundle, or a build of ours."""

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
from ...app.context import Context
from ...messages import ExitCode, note
from ...output import Output
from ...services.diagnosis import is_bundle

if TYPE_CHECKING:
    from ....core.builds import Record
    from ....core.diagnosis.probes import Check

_SHOWN = 400  # characters of a line of evidence; programs get all of it
_HEADINGS = {"cause": "cause", "consequence": "and so", "warning": "warning"}
_NOTHING = {
    "succeeded": "nothing failed",
    "unknown": "nothing here tells of a failure",
}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="FILE",
        help="a build's log (-: standard input), an exported record, a bundle, or a build's id",
    )
    parser.add_argument(
        "--debug-log", metavar="FILE", help="pip's own full log (pip --log) of the same build"
    )
    parser.add_argument(
        "--probe", action="store_true", help="also ask the index, the disk and the interpreters"
    )
    parser.add_argument(
        "--report", metavar="FILE.md", help="also write a report that can be sent to the author"
    )
    parser.add_argument(
        "--screen", action="store_true", help="look at it in the terminal interface"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document")


def run(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    if arguments.screen:
        return _on_screen(arguments, context)
    diagnosis = _diagnosis(arguments, context)
    checks: Sequence[Check] = ()
    if arguments.probe:
        diagnosis, checks = _probed(diagnosis, context)
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


def _diagnosis(arguments: argparse.Namespace, context: Context) -> Diagnosis:
    """Of whatever FILE is: what exists as a file comes before a build of that id."""
    file = arguments.file
    if file == "-" or (os.path.exists(file) and not is_bundle(Path(file))):
        return _of_log(file, arguments.debug_log)
    if not os.path.exists(file):
        return _of_build(file, context)
    found = _of_exported(file)
    if found is not None:
        return found
    diagnosis = _of_bundle(file, context)
    if arguments.probe:
        return _asked_of_index(diagnosis, file, context)
    if diagnosis.cause is None:
        note("not asked: whether the index has these versions for that Python; --probe asks it")
    return diagnosis


def _of_build(name: str, context: Context) -> Diagnosis:
    from ....core.builds import find

    try:
        return _of_record(find(context.state_dir, name))
    except StateError as problem:
        if problem.code != "build-unknown":
            raise
        raise UsageError(
            "there is neither such a file nor a build with this id: check the path, "
            "or see pysteward builds list",
            code="log-unreadable",
            file=name,
        ) from None


def _of_exported(file: str) -> Diagnosis | None:
    """Of a build's record from elsewhere; None where this is none."""
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


def _of_bundle(file: str, context: Context) -> Diagnosis:
    from ....core.diagnosis.bundles import Server, diagnose_bundle
    from ....core.installations import candidates
    from ....core.matching import Policy

    settings = context.settings
    server = Server(
        candidates(context.analysis().installations),
        Policy.parse(settings.version_matching),
        settings.enabled,
        settings.environment_management,
        settings.effective_prohibited,
        settings.build_environment,
    )
    return diagnose_bundle(file, server)


def _asked_of_index(diagnosis: Diagnosis, file: str, context: Context) -> Diagnosis:
    """With what the index and pip's resolver say of the requirements on the Python it would get:
    pins that do not exist for it, among others. Nothing is installed."""
    from ....core.bundles import open_bundle, request_of
    from ....core.installations import candidates
    from ....core.matching import Policy, match
    from ....core.resolution import prepared, resolve
    from ....core.upgrades import preflight_question

    if any(finding.role == "cause" for finding in diagnosis.findings):
        return diagnosis  # it does not come that far
    bundle, settings = open_bundle(file), context.settings
    managed = settings.environment_management
    if not managed or bundle.manifest.environment_management is False:
        return diagnosis
    if not bundle.manifest.needs_python:
        return diagnosis
    policy = Policy.parse(settings.version_matching)
    found = match(request_of(bundle), candidates(context.analysis().installations), policy).selected
    if found is None or found.version is None:
        return diagnosis
    note(f"probing: whether its requirements install on Python {found.version}")
    cache = context.state_dir / "cache" / "preflight"
    with prepared(cache, settings.build_environment, context.run_as) as pip:
        asked = preflight_question(
            bundle, settings.effective_prohibited, found.version, settings.build_environment
        )
        answer = resolve(asked.requirements, found.version, pip)
    if answer.outcome != "fails":
        return diagnosis
    return replace(diagnosis, outcome="failed", findings=(*answer.findings, *diagnosis.findings))


def _probed(diagnosis: Diagnosis, context: Context) -> tuple[Diagnosis, Sequence[Check]]:
    from ....core.diagnosis.probes import Surroundings, probe, refine

    surroundings = Surroundings(
        context.settings.build_environment,
        [context.state_dir],
        context.analysis().installations,
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
            f"it cannot be read: {problem.strerror or problem}",
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
            f"the report cannot be written: {problem.strerror or problem}", file=path
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


def _on_screen(arguments: argparse.Namespace, context: Context) -> ExitCode:
    """The same in the terminal interface, beside the log."""
    from ...launch import open_interface
    from ...piped import piped_input
    from ...services.backend import LocalBackend
    from ...services.diagnosis import DiagnosisInput

    instead = f"pysteward diagnose {arguments.file}"

    def show(case: DiagnosisInput) -> ExitCode:
        first = "diagnosis"
        return ExitCode(
            open_interface(lambda: LocalBackend(context), instead=instead, first=first, given=case)
        )

    file, debug = arguments.file, arguments.debug_log and Path(arguments.debug_log)
    if file != "-" and not os.path.exists(file):
        return show(DiagnosisInput(build=file))
    if file != "-":
        return show(DiagnosisInput(path=Path(file), debug=debug))
    with piped_input(instead) as path:
        return show(DiagnosisInput(path=path, debug=debug, name="standard input"))
