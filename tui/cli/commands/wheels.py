"""`pysteward wheels`: list, verify and prune the stored wheels."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ....core.server import Server
from ....core.services import WheelService
from ...messages import ExitCode
from ...output import Output
from ..environment_tables import size_text
from . import Verb, add_json

if TYPE_CHECKING:
    from ....core.wheels import WheelCheck, WheelUse

_SHOWN = 12  # characters of a SHA-256


def _list(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    found = WheelService(server).list()
    if out.as_json:
        out.document({"wheels": [_document(each) for each in found]})
        return ExitCode.YES
    if not found:
        out.line("There are no stored wheels.")
        return ExitCode.YES
    for line in _table(found):
        out.line(line)
    return ExitCode.YES


def _table(found: tuple[WheelUse, ...]) -> list[str]:
    """Return one line a wheel: its hash, size, users, file."""
    sizes = [size_text(each.size) for each in found]
    users = [_users(each) for each in found]
    size_width, users_width = max(map(len, sizes)), max(map(len, users))
    return [
        f"{each.sha256[:_SHOWN]}  {size:>{size_width}}  {used:<{users_width}}  "
        f"{each.file or 'unreadable: pysteward wheels verify puts it aside'}"
        for each, size, used in zip(found, sizes, users, strict=True)
    ]


def _users(wheel: WheelUse) -> str:
    count = len(wheel.used_by)
    return "unused" if not count else f"{count} environment{'' if count == 1 else 's'}"


def _document(wheel: WheelUse) -> dict[str, object]:
    return {
        "sha256": wheel.sha256,
        "file": wheel.file,
        "name": wheel.name,
        "version": wheel.version,
        "compiled_for": list(wheel.kinds),
        "size": wheel.size,
        "created": wheel.created,
        "used_by": list(wheel.used_by),
    }


def _verify(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    checks: list[WheelCheck] = []
    for each in WheelService(server).verify():
        checks.append(each)
        if not out.as_json:
            out.line(f"{each.sha256[:_SHOWN]}  {_state(each)}  {each.file or ''}".rstrip())
            for defect in each.defects:
                out.line(f"  {defect}")
    if out.as_json:
        out.document(
            {
                "wheels": [
                    {
                        "sha256": each.sha256,
                        "file": each.file,
                        "whole": not each.defects,
                        "put_aside": each.is_aside,
                        "defects": list(each.defects),
                    }
                    for each in checks
                ]
            }
        )
    elif not checks:
        out.line("There are no stored wheels.")
    return ExitCode.NO if any(each.defects for each in checks) else ExitCode.YES


def _state(check: WheelCheck) -> str:
    if not check.defects:
        return "ok"
    return "damaged, a build is at work with it" if check.is_busy else "damaged, put aside"


def _prune(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    service = WheelService(server)
    if not arguments.yes:
        plan = service.prune_plan()
        freed = sum(each.size for each in plan)
        if out.as_json:
            wheels = [_document(each) for each in plan]
            out.document({"dry_run": True, "freed": freed, "wheels": wheels})
            return ExitCode.YES
        for each in plan:
            out.line(f"would remove {each.sha256[:_SHOWN]}  {each.file or 'unreadable'}")
        count = f"{len(plan)} wheel{'' if len(plan) == 1 else 's'}"
        out.line(
            f"--yes removes {count} and frees {size_text(freed)}."
            if plan
            else "There is nothing to remove."
        )
        return ExitCode.YES
    removals = list(service.prune())
    refused = [each for each in removals if each.refused is not None]
    if out.as_json:
        out.document(
            {
                "dry_run": False,
                "freed": sum(each.wheel.size for each in removals if each.refused is None),
                "wheels": [
                    {
                        **_document(each.wheel),
                        "removed": each.refused is None,
                        "refused": each.refused,
                    }
                    for each in removals
                ],
            }
        )
        return ExitCode.NO if refused else ExitCode.YES
    for each in removals:
        line = f"{each.wheel.sha256[:_SHOWN]}  {each.wheel.file or 'unreadable'}"
        out.line(f"removed  {line}" if each.refused is None else f"kept     {line}  {each.refused}")
    if not removals:
        out.line("There is nothing to remove.")
    return ExitCode.NO if refused else ExitCode.YES


def _configure_prune(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="remove them")
    add_json(parser)


VERBS = (
    Verb(
        "list",
        "list stored wheels: size, users, file",
        add_json,
        _list,
        "wheels list --json",
    ),
    Verb(
        "verify",
        "check stored wheels; put damaged ones aside, to be made again",
        add_json,
        _verify,
        "wheels verify",
    ),
    Verb(
        "prune",
        "remove wheels that no environment uses (shows only a plan without --yes)",
        _configure_prune,
        _prune,
        "wheels prune --yes",
    ),
)
