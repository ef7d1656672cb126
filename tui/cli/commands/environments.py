"""`pysteward environments`: list, verify, rebuild and prune environments."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ....core.errors import StateError, StewardError
from ....core.server import Server
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
from . import Verb, add_json

if TYPE_CHECKING:
    from ....core.builds import Orphan
    from ....core.environments import (
        Criteria,
        Environment,
        Removal,
        Usage,
    )
    from ....core.state import Database
    from ....core.versions import PythonVersion

_DAY = 86400.0  # seconds


def _list(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    from ....core.state import open_database

    with open_database(server.state_dir) as store:
        environments = _chosen(arguments.ids, server, store, all_if_none=True)
    usage = _measure(environments) if arguments.sizes else None
    if out.as_json:
        out.document({"environments": [environment_document(each, usage) for each in environments]})
    elif environments:
        show_list(environments, usage, out)
    else:
        out.line("There are no environments.")
    return ExitCode.YES


def _show(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    from ....core.state import open_database

    with open_database(server.state_dir) as store:
        environments = _chosen(arguments.ids, server, store)
    usage = _measure(environments)
    if out.as_json:
        out.document({"environments": [environment_document(each, usage) for each in environments]})
        return ExitCode.YES
    for environment in environments:
        for line in describe(environment, usage):
            out.line(line)
    return ExitCode.YES


def _verify(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """Compare environments with how they were made.

    An environment that is being built is not checked; asked for by its id, the answer is NO.
    """
    from ....core.environments import verify
    from ....core.state import open_database

    with open_database(server.state_dir) as store:
        environments = _chosen(arguments.ids, server, store, all_if_none=True)
    versions = _versions(server)
    damaged: list[Environment] = []
    unchecked = 0
    results: list[dict[str, object]] = []
    for item in environments:
        is_building = item.state == "building"
        flaws = verify(item, versions)
        unchecked += is_building
        results.append(
            {
                **environment_document(item),
                "whole": None if is_building else not flaws,
                "flaws": [flaw_document(flaw) for flaw in flaws],
            }
        )
        if flaws:
            damaged.append(item)
        if not out.as_json:
            state = "being built, not checked" if is_building else "damaged" if flaws else "ok"
            out.line(f"{item.identity}  {state}")
            for flaw in flaws:
                out.line(f"  {flaw.message}")
    builds = [build for _, build in _start_rebuilds(damaged, server)] if arguments.rebuild else []
    if out.as_json:
        out.document({"environments": results, "builds": builds})
    elif not environments:
        out.line("There are no environments.")
    return ExitCode.NO if damaged or (arguments.ids and unchecked) else ExitCode.YES


def _rebuild(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """Start a rebuild of all content that uses these environments; NO where none does."""
    from ....core.state import open_database

    with open_database(server.state_dir) as store:
        environments = _chosen(arguments.ids, server, store)
    started = _start_rebuilds(environments, server)
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


def _start_rebuilds(environments: Sequence[Environment], server: Server) -> list[tuple[str, str]]:
    """Rebuild the content of these; returns its names with the ids of the builds.

    The first build for an environment makes it, the others wait and reuse it.
    """
    from ....core.content import rebuild

    started: list[tuple[str, str]] = []
    for environment in environments:
        if not environment.used_by:
            messages.note(
                f"{environment.identity}: no content uses it; pysteward environments remove "
                "deletes it"
            )
        for number, name in enumerate(environment.used_by):
            try:
                build = rebuild(server, name, afresh=number == 0)
            except StewardError as problem:
                messages.error(problem)
                continue
            messages.note(f"{name} is rebuilt; see pysteward builds log {build.id} --follow")
            if build.environment is not None and build.environment.id != environment.identity:
                messages.note(
                    f"{name} gets another environment because the settings have changed; "
                    f"{environment.identity} stays as it is until it is removed"
                )
            started.append((name, build.id))
    return started


def _remove(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    from ....core.environments import Removal
    from ....core.state import open_database

    with open_database(server.state_dir) as store:
        chosen = _chosen(arguments.ids, server, store)
        removals = [Removal(item, "asked for") for item in chosen]
        return _carry_out(removals, arguments, store, out)


def _prune(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    from ....core.builds import clean_up, find_orphans
    from ....core.environments import clear_removed, list_environments, plan_prune
    from ....core.state import open_database

    with open_database(server.state_dir) as store:
        environments = list_environments(server.state_dir, store)
        plan = plan_prune(environments, _criteria(arguments, server), time.time())
        if arguments.yes:
            for remainder in clear_removed(server.state_dir):
                messages.warn(str(remainder))
            cleared = clean_up(server.state_dir)
            return _carry_out(plan.removals, arguments, store, out, kept=plan.kept, cleared=cleared)
        left = find_orphans(server.state_dir, store)
    freed = _measure([removal.environment for removal in plan.removals]).freed
    if out.as_json:
        out.document(
            {
                "dry_run": True,
                "freed": freed,
                "environments": [removal_document(removal) for removal in plan.removals],
                "kept": [removal_document(removal) for removal in plan.kept],
                "leftovers": [leftover_document(leftover) for leftover in left],
            }
        )
        return ExitCode.YES
    for removal in plan.removals:
        out.line(f"would remove {removal_line(removal)}")
    for removal in plan.kept:
        out.line(f"would keep   {removal_line(removal)}")
    for leftover in left:
        out.line(f"would clear  {leftover.path}  {leftover.reason}")
    count = len(plan.removals)
    out.line(
        f"--yes removes {_many(count)} and frees {size_text(freed)}."
        if count
        else "No environment would be removed; --yes clears the rest."
        if left
        else "There is nothing to remove."
    )
    if plan.kept and not arguments.include_used:
        out.line("--include-used also removes what content uses or can be rolled back to.")
    return ExitCode.YES


def _carry_out(
    removals: Sequence[Removal],
    arguments: argparse.Namespace,
    store: Database,
    out: Output,
    *,
    kept: Sequence[Removal] = (),
    cleared: Sequence[Orphan] = (),
) -> ExitCode:
    from ....core.environments import prune

    before = _measure([removal.environment for removal in removals])
    results: list[dict[str, object]] = []
    refused = 0
    for removal, result in zip(
        removals, prune(removals, store, even_used=arguments.include_used), strict=True
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


def _chosen(
    ids: Sequence[str], server: Server, store: Database, *, all_if_none: bool = False
) -> tuple[Environment, ...]:
    """The environments with these ids, or unique prefixes of them. Raises: StateError."""
    from ....core.environments import list_environments

    environments = list_environments(server.state_dir, store)
    if all_if_none and not ids:
        return environments
    return tuple(dict.fromkeys(_one(given, environments) for given in ids))


def _one(given: str, environments: Sequence[Environment]) -> Environment:
    found = [item for item in environments if item.identity.startswith(given)]
    exact = [item for item in found if item.identity == given]
    if len(exact or found) == 1:
        return (exact or found)[0]
    what = "is the prefix of several environments" if found else "is not an environment"
    raise StateError(
        f"{given!r} {what}; pysteward environments lists them", code="environment-unknown"
    )


def _criteria(arguments: argparse.Namespace, server: Server) -> Criteria:
    """What to prune; without an option, all that is not needed."""
    from ....core.environments import Criteria

    asked = arguments.unused or arguments.missing_python or arguments.older_than is not None
    missing_python = arguments.missing_python or not asked
    return Criteria(
        unused=arguments.unused or not asked,
        older_than=arguments.older_than,
        python_gone=missing_python,
        configured=_configured(server) if missing_python else None,
        even_used=arguments.include_used,
    )


def _configured(server: Server) -> frozenset[str]:
    """The configured interpreters, with links followed."""
    targets = (item.target for item in server.analysis().installations)
    return frozenset(os.path.realpath(target) for target in targets if target is not None)


def _versions(server: Server) -> dict[str, PythonVersion]:
    """The versions of the configured interpreters by their real paths."""
    return {
        os.path.realpath(item.target): item.version
        for item in server.analysis().installations
        if item.target is not None and item.version is not None
    }


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
    add_json(parser)


def _configure_some(parser: argparse.ArgumentParser) -> None:
    _configure_ids(parser, "+")
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
