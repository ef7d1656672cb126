"""`pysteward diagnose`: why a build failed, from its log, a bundle, or a build of ours."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from ...core.diagnosis import Diagnosis, Finding, diagnose_log, diagnosis_as_json
from ...core.errors import UsageError
from ..context import Context
from ..messages import ExitCode, note
from ..output import Output

_HEADINGS = {"cause": "cause", "consequence": "and so", "warning": "warning"}
_NOTHING = {
    "succeeded": "nothing failed",
    "unknown": "nothing here tells of a failure",
}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a build's log; -: standard input")
    parser.add_argument(
        "--debug-log", metavar="FILE", help="pip's own full log (pip --log) of the same build"
    )
    parser.add_argument(
        "--report", metavar="FILE.md", help="also write a report that can be sent to the author"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document")


def run(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    diagnosis = _of_log(arguments.file, arguments.debug_log)
    if arguments.report is not None:
        _write_report(diagnosis, arguments.file, Path(arguments.report))
    if out.as_json:
        out.document(diagnosis_as_json(diagnosis))
    else:
        _show(diagnosis, out)
    failed = any(finding.role != "warning" for finding in diagnosis.findings)
    return ExitCode.NO if failed else ExitCode.YES


def _of_log(file: str, debug_log: str | None) -> Diagnosis:
    named = "standard input" if file == "-" else os.path.basename(file)
    try:
        return diagnose_log(
            sys.stdin.buffer if file == "-" else _regular(file),
            source=named,
            debug_log=None if debug_log is None else _regular(debug_log),
            debug_source="pip's log" if debug_log is None else os.path.basename(debug_log),
        )
    except OSError as problem:
        raise UsageError(
            f"it cannot be read: {problem.strerror or problem}",
            code="log-unreadable",
            file=problem.filename or file,
        ) from None


def _regular(file: str) -> str:
    """The path, unless there is no log to be read there."""
    if os.path.isdir(file):
        raise UsageError("it is a folder, not a log", code="log-unreadable", file=file)
    return file


def _write_report(diagnosis: Diagnosis, subject: str, path: Path) -> None:
    from ...core.diagnosis import report

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
        out.line(f"    {line.source}:{line.line}: {line.text.strip()}")
    if finding.role == "consequence":
        return
    out.line(f"  remedy: {finding.remedy}")
    if finding.author_remedy is not None:
        out.line(f"  for the author: {finding.author_remedy}")
