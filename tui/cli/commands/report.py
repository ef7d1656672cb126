"""`pysteward report`: write one text about this server, for someone else."""

from __future__ import annotations

import argparse
from pathlib import Path

from ....core.server import Server
from ....core.services import ReportService
from ...messages import ExitCode
from ...output import Output
from . import Verb, add_json


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="file to write; passwords are masked")
    parser.add_argument("--force", action="store_true", help="replace FILE where it exists")
    add_json(parser)


def _run(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    file = Path(arguments.file).absolute()
    ReportService(server).write(file, force=arguments.force)
    if out.as_json:
        out.document({"file": str(file)})
    else:
        out.line(f"{file}: read it before you pass it on; only you can read it now")
    return ExitCode.YES


VERBS = (
    Verb(
        "",
        "write a text about this server for someone else: settings, analysis, last failures",
        _configure,
        _run,
        "report server.txt",
    ),
)
