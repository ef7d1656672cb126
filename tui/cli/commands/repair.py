"""`pysteward repair`: make the database of the state directory again."""

from __future__ import annotations

import argparse

from ....core.json_values import as_json
from ....core.server import Server
from ....core.services import RepairService
from ... import messages
from ...messages import ExitCode
from ...output import Output
from . import Verb, add_json


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--force", action="store_true", help="make the database again though it is sound"
    )
    add_json(parser)


def _run(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    made = RepairService(server).repair(force=arguments.force)
    for path in made.unusable:
        messages.warn(f"{path} cannot be read: it is left out")
    if out.as_json:
        out.document(as_json(made))
    elif made.damage is None:
        out.line("the database is sound: nothing was changed")
    else:
        out.line(f"the database was made again ({made.damage})")
        out.line(f"  content      {made.content}")
        out.line(f"  builds       {made.builds}")
        out.line(f"  kept         {made.kept or '-'}")
    return ExitCode.YES


VERBS = (
    Verb(
        "",
        "make the database again from the files of content and the records of builds",
        _configure,
        _run,
        "repair",
    ),
)
