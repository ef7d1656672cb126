"""`pysteward environments`: list, verify, rebuild and prune environments."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ....core.server import Server
from ....core.services import EnvironmentService, Verified
from ... import messages
from ...messages import ExitCode
from ...output import Output
from ..environment_tables import (
    describe,
    environment_document,
    flaw_document,
    leftover_document,
    removal_document,
    removal_line,
    show_list,
    size_text,
)
from ..server_option import add_server
from . import Verb, add_json

if TYPE_CHECKING:
    from ....core.builds import Orphan
    from ....core.environments import (
        Criteria,
        Environment,
        Removal,
        Usage,
    )

_DAY = 86400.0  # seconds


def _list(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    if arguments.server is not None:
        from ..server_tables import show_environments
        from ..servers_asked import ask_servers, refuse

        refuse(arguments, "ids")
        asked = ["environments", "list", *(["--sizes"] if arguments.sizes else [])]
        return show_environments(ask_servers(arguments, server, asked), out)
    environments = _chosen(arguments.ids, EnvironmentService(server))
    usage = _measure(environments) if arguments.sizes else None
    if out.as_json:
        out.document({"environments": [environment_document(each, usage) for each in environments]})
    elif environments:
        show_list(environments, usage, out)
    else:
        out.line("There are no environments.")
    return ExitCode.YES


def _show(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    environments = EnvironmentService(server).show(arguments.ids)
    usage = _measure(environments)
    if out.as_json:
        out.document({"environments": [environment_document(each, usage) for each in environments]})
        return ExitCode.YES
    for environment in environments:
        for line in describe(environment, usage):
            out.line(line)
    return ExitCode.YES


def _lock(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """Write the lock of an environment, a ``pylock.toml``."""
    environment, text = EnvironmentService(server).lock(arguments.id)
    if out.as_json:
        out.document({"environment": environment.identity, "lock": text})
    else:
        out.raw(text)
    return ExitCode.YES


def _verify(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """Compare environments with how they were made.

    An environment that is being built is not checked; asked for by its id, the answer is NO.
    """
    service = EnvironmentService(server)
    verified: list[Verified] = []
    for each in service.verify(_chosen(arguments.ids, service)):
        verified.append(each)
        if not out.as_json:
            out.line(f"{each.environment.identity}  {_state(each)}")
            for defect in each.defects:
                out.line(f"  {defect.message}")
    damaged = [each.environment for each in verified if each.defects]
    builds = [build for _, build in _start_rebuilds(damaged, service)] if arguments.rebuild else []
    if out.as_json:
        results = [_verified_document(each) for each in verified]
        out.document({"environments": results, "builds": builds})
    elif not verified:
        out.line("There are no environments.")
    unchecked = any(each.is_building for each in verified)
    return ExitCode.NO if damaged or (arguments.ids and unchecked) else ExitCode.YES


def _state(verified: Verified) -> str:
    if verified.is_building:
        return "being built, not checked"
    return "damaged" if verified.defects else "ok"


def _verified_document(verified: Verified) -> dict[str, object]:
    return {
        **environment_document(verified.environment),
        "whole": None if verified.is_building else not verified.defects,
        "flaws": [flaw_document(defect) for defect in verified.defects],
    }


def _rebuild(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """Start a rebuild of all content that uses these environments; NO where none does."""
    service = EnvironmentService(server)
    environments = service.show(arguments.ids)
    started = _start_rebuilds(environments, service)
    if out.as_json:
        out.document(
            {
                "environments": [environment_document(each) for each in environments],
                "builds": [build for _, build in started],
            }
        )
    else:
        for content, build in started:
            out.line(f"{build}  {content}")
    wanted = sum(max(1, len(each.used_by)) for each in environments)
    return ExitCode.YES if len(started) == wanted else ExitCode.NO


def _start_rebuilds(
    environments: Sequence[Environment], service: EnvironmentService
) -> list[tuple[str, str]]:
    """Rebuild the content of these; returns its names with the ids of the builds."""
    started: list[tuple[str, str]] = []
    for each in service.rebuild(environments):
        identity, name, build = each.environment.identity, each.content, each.build
        if name is None:
            messages.note(
                f"{identity}: no content uses it; pysteward environments remove deletes it"
            )
        elif each.problem is not None:
            messages.error(each.problem)
        elif build is not None:
            messages.note(f"{name} is rebuilt; see pysteward builds log {build.id} --follow")
            if build.environment is not None and build.environment.id != identity:
                messages.note(
                    f"{name} gets another environment because the settings have changed; "
                    f"{identity} stays as it is until it is removed"
                )
            started.append((name, build.id))
    return started


def _remove(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    from ....core.environments import Removal

    service = EnvironmentService(server)
    removals = [Removal(each, "asked for") for each in service.show(arguments.ids)]
    return _carry_out(removals, arguments, service, out)


def _prune(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    service = EnvironmentService(server)
    plan, orphans = service.prune_plan(_criteria(arguments))
    if arguments.yes:
        cleared, remainders = service.clear()
        for remainder in remainders:
            messages.warn(str(remainder))
        return _carry_out(plan.removals, arguments, service, out, kept=plan.kept, cleared=cleared)
    freed = _measure([removal.environment for removal in plan.removals]).freed
    if out.as_json:
        out.document(
            {
                "dry_run": True,
                "freed": freed,
                "environments": [removal_document(removal) for removal in plan.removals],
                "kept": [removal_document(removal) for removal in plan.kept],
                "leftovers": [leftover_document(orphan) for orphan in orphans],
            }
        )
        return ExitCode.YES
    for removal in plan.removals:
        out.line(f"would remove {removal_line(removal)}")
    for removal in plan.kept:
        out.line(f"would keep   {removal_line(removal)}")
    for orphan in orphans:
        out.line(f"would clear  {orphan.path}  {orphan.reason}")
    count = len(plan.removals)
    out.line(
        f"--yes removes {_many(count)} and frees {size_text(freed)}."
        if count
        else "No environment would be removed; --yes clears the rest."
        if orphans
        else "There is nothing to remove."
    )
    if plan.kept and not arguments.include_used:
        out.line("--include-used also removes what content uses or can be rolled back to.")
    return ExitCode.YES


def _carry_out(
    removals: Sequence[Removal],
    arguments: argparse.Namespace,
    service: EnvironmentService,
    out: Output,
    *,
    kept: Sequence[Removal] = (),
    cleared: Sequence[Orphan] = (),
) -> ExitCode:
    before = _measure([removal.environment for removal in removals])
    results: list[dict[str, object]] = []
    refused = 0
    for removal, result in zip(
        removals, service.remove(removals, include_used=arguments.include_used), strict=True
    ):
        refused += result.refused is not None
        done = {"removed": result.refused is None, "refused": result.refused}
        results.append({**removal_document(removal), **done})
        if not out.as_json:
            why = f"kept         {removal.environment.identity}  {result.refused}"
            out.line(f"removed      {removal_line(removal)}" if result.refused is None else why)
    if out.as_json:
        out.document(
            {
                "dry_run": False,
                "freed": 0 if refused == len(removals) else before.freed,
                "environments": results,
                "kept": [removal_document(removal) for removal in kept],
                "leftovers": [leftover_document(leftover) for leftover in cleared],
            }
        )
        return ExitCode.NO if refused else ExitCode.YES
    for leftover in cleared:
        out.line(f"cleared      {leftover.path}  {leftover.reason}")
    if not removals and not cleared:
        out.line("There is nothing to remove.")
    return ExitCode.NO if refused else ExitCode.YES


def _chosen(ids: Sequence[str], service: EnvironmentService) -> tuple[Environment, ...]:
    """Return the environments with these ids, all without any. Raises: StateError."""
    return service.show(ids) if ids else service.list()


def _criteria(arguments: argparse.Namespace) -> Criteria:
    """Return what to prune; without an option, all that is not needed."""
    from ....core.environments import Criteria

    asked = arguments.unused or arguments.missing_python or arguments.older_than is not None
    return Criteria(
        unused=arguments.unused or not asked,
        older_than=arguments.older_than,
        python_gone=arguments.missing_python or not asked,
        even_used=arguments.include_used,
    )


def _measure(environments: Sequence[Environment]) -> Usage:
    from ....core.environments import measure

    return measure([item.path for item in environments])


def _days(text: str) -> float:
    """Days as seconds; argparse reports the ValueError."""
    days = float(text.removesuffix("d"))
    if not 0 <= days < 100_000:
        raise ValueError(text)
    return days * _DAY


def _many(count: int) -> str:
    return f"{count} environment{'' if count == 1 else 's'}"


def _configure_ids(parser: argparse.ArgumentParser, nargs: str) -> None:
    parser.add_argument(
        "ids", nargs=nargs, metavar="ID", help="environment id, or a unique prefix of it"
    )


def _configure_list(parser: argparse.ArgumentParser) -> None:
    _configure_ids(parser, "*")
    parser.add_argument("--sizes", action="store_true", help="include disk usage")
    add_server(parser)
    add_json(parser)


def _configure_some(parser: argparse.ArgumentParser) -> None:
    _configure_ids(parser, "+")
    add_json(parser)


def _configure_lock(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="environment id, or a unique prefix of it")
    add_json(parser)


def _configure_verify(parser: argparse.ArgumentParser) -> None:
    _configure_ids(parser, "*")
    parser.add_argument(
        "--rebuild", action="store_true", help="rebuild the content of damaged environments"
    )
    add_json(parser)


def _configure_remove(parser: argparse.ArgumentParser) -> None:
    _configure_ids(parser, "+")
    _add_include_used(parser)
    # Nothing is asked; --yes was accepted before each verb had options of its own.
    parser.add_argument("--yes", action="store_true", help=argparse.SUPPRESS)
    add_json(parser)


def _configure_prune(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--unused", action="store_true", help="environments that no content uses")
    parser.add_argument(
        "--older-than",
        type=_days,
        metavar="DAYS",
        help="environments not used for DAYS days",
    )
    parser.add_argument(
        "--missing-python",
        action="store_true",
        help="environments whose Python is gone or no longer configured",
    )
    _add_include_used(parser)
    parser.add_argument("--yes", action="store_true", help="remove them")
    add_json(parser)


def _add_include_used(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--include-used",
        action="store_true",
        help="also environments in use or kept for rollback",
    )


VERBS = (
    Verb(
        "list",
        "list environments, last used first",
        _configure_list,
        _list,
        "environments list --sizes",
    ),
    Verb(
        "show",
        "show environments with their packages",
        _configure_some,
        _show,
        "environments show 3f2a",
    ),
    Verb(
        "lock",
        "print its lock, a pylock.toml: each file with its hash",
        _configure_lock,
        _lock,
        "environments lock 3f2a",
    ),
    Verb(
        "verify",
        "check environments for missing or changed files",
        _configure_verify,
        _verify,
        "environments verify --rebuild",
    ),
    Verb(
        "rebuild",
        "rebuild the content of these environments",
        _configure_some,
        _rebuild,
        "environments rebuild 3f2a",
    ),
    Verb(
        "prune",
        "remove unneeded environments (shows only a plan without --yes)",
        _configure_prune,
        _prune,
        "environments prune --older-than 90 --yes",
    ),
    Verb(
        "remove",
        "delete environments",
        _configure_remove,
        _remove,
        "environments remove 3f2a",
    ),
)
