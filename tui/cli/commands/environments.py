"""`pysteward environments`: what was built, who uses it, what may go, whether it is still whole."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ....core.errors import StateError, UsageError
from ... import messages
from ...app.context import Context
from ...messages import ExitCode
from ...output import Output

if TYPE_CHECKING:
    from ....core.builds import Orphan
    from ....core.environments import (
        Criteria,
        Defect,
        Environment,
        Removal,
        Usage,
    )
    from ....core.state import Database
    from ....core.versions import PythonVersion

_ACTIONS = ("list", "show", "remove", "prune", "verify")
_HEADER = ("ENVIRONMENT", "PYTHON", "INSTALLER", "STATE", "LAST USED", "USED BY")
_DAY = 86400.0


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", nargs="?", choices=_ACTIONS, default="list", metavar="ACTION")
    parser.add_argument(
        "ids", nargs="*", metavar="ID", help="environments, or the beginning of their ids"
    )
    parser.epilog = f"ACTION is one of {', '.join(_ACTIONS)}"
    parser.add_argument("--sizes", action="store_true", help="list: with the room they take")
    prune = parser.add_argument_group("prune: a plan, unless --yes is given")
    prune.add_argument("--orphaned", action="store_true", help="those that no content uses")
    prune.add_argument(
        "--older-than", type=_days, metavar="DAYS", help="those last used so long ago"
    )
    prune.add_argument(
        "--python-gone", action="store_true", help="those whose Python is gone or not configured"
    )
    prune.add_argument(
        "--even-used",
        action="store_true",
        help="also those that content uses or can be put back on (remove as well)",
    )
    prune.add_argument("--yes", action="store_true", help="do it")
    parser.add_argument(
        "--rebuild", action="store_true", help="verify: build what is not whole again"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document")


def run(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    from ....core.state import open_database

    action = {"list": _list, "show": _show, "remove": _remove, "prune": _prune, "verify": _verify}
    with open_database(context.state_dir) as store:
        return action[arguments.action](arguments, context, store, out)


def _list(
    arguments: argparse.Namespace, context: Context, store: Database, out: Output
) -> ExitCode:
    environments = _chosen(arguments, context, store, all_if_none=True)
    usage = _measure(environments) if arguments.sizes else None
    if out.as_json:
        out.document({"environments": [document(item, usage) for item in environments]})
        return ExitCode.YES
    if not environments:
        out.line("There is no environment yet.")
        return ExitCode.YES
    sized = ("SIZE",) if usage else ()
    out.table(
        (*_HEADER[:-1], *sized, _HEADER[-1]),
        [
            (
                *(item.identity, item.python, item.installer, item.state, _date(item.last_used)),
                *((_size(usage.sizes[item.path]),) if usage else ()),
                ", ".join(item.used_by) or "-",
            )
            for item in environments
        ],
    )
    if usage:
        out.line(f"Together {_size(usage.total)}, files that several share counted once.")
    return ExitCode.YES


def _show(
    arguments: argparse.Namespace, context: Context, store: Database, out: Output
) -> ExitCode:
    if not arguments.ids:
        raise UsageError("environments show needs the ID of an environment")
    environments = _chosen(arguments, context, store)
    usage = _measure(environments)
    if out.as_json:
        out.document({"environments": [document(item, usage) for item in environments]})
        return ExitCode.YES
    for item in environments:
        out.line(f"{item.identity}  {item.state}")
        facts = [
            ("path", str(item.path)),
            ("Python", f"{item.python}  {item.executable or ''}".rstrip()),
            ("installer", _installer(item)),
            ("created", item.created or "not known"),
            ("last used", item.last_used or "not known"),
            ("used by", ", ".join(item.used_by) or "no content"),
            *((("way back", ", ".join(item.previous_of)),) if item.previous_of else ()),
            ("size", _size(usage.sizes[item.path])),
        ]
        for name, value in facts:
            out.line(f"  {name:<10} {value}")
        if item.marker is not None:
            for complaint in item.marker.complaints:
                out.line(f"  warning    {complaint}")
            out.line("  packages")
            for name, version in item.marker.packages:
                out.line(f"    {name}=={version}")
    return ExitCode.YES


def _remove(
    arguments: argparse.Namespace, context: Context, store: Database, out: Output
) -> ExitCode:
    from ....core.environments import Removal

    if not arguments.ids:
        raise UsageError("environments remove needs the ID of an environment; see prune for many")
    chosen = _chosen(arguments, context, store)
    return _carry_out([Removal(item, "asked for") for item in chosen], arguments, store, out)


def _prune(
    arguments: argparse.Namespace, context: Context, store: Database, out: Output
) -> ExitCode:
    from ....core.builds import clean_up, find_orphans
    from ....core.environments import clear_removed, list_environments, plan_prune

    if arguments.ids:
        raise UsageError("environments prune takes no ID: environments remove does")
    plan = plan_prune(
        list_environments(context.state_dir, store), _criteria(arguments, context), time.time()
    )
    if arguments.yes:
        clear_removed(context.state_dir)
        cleared = clean_up(context.state_dir)
        return _carry_out(plan.removals, arguments, store, out, kept=plan.kept, cleared=cleared)
    left = find_orphans(context.state_dir, store)
    freed = _measure([removal.environment for removal in plan.removals]).freed
    if out.as_json:
        out.document(
            {
                "dry_run": True,
                "freed": freed,
                "environments": [_planned(removal) for removal in plan.removals],
                "kept": [_planned(removal) for removal in plan.kept],
                "leftovers": [_left(leftover) for leftover in left],
            }
        )
        return ExitCode.YES
    for removal in plan.removals:
        out.line(f"would remove {_named(removal)}")
    for removal in plan.kept:
        out.line(f"would keep   {_named(removal)}")
    for leftover in left:
        out.line(f"would clear  {leftover.path}  {leftover.reason}")
    count = len(plan.removals)
    out.line(
        f"{_many(count)} would go and free {_size(freed)}; --yes does it."
        if count
        else "No environment would go; --yes clears the rest away."
        if left
        else "Nothing to remove."
    )
    if plan.kept and not arguments.even_used:
        out.line("--even-used takes what content uses or can go back to as well.")
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
        removals, prune(removals, store, even_used=arguments.even_used), strict=True
    ):
        refused += result.refused is not None
        done = {"removed": result.refused is None, "refused": result.refused}
        results.append({**_planned(removal), **done})
        if not out.as_json:
            why = f"kept         {removal.environment.identity}  {result.refused}"
            out.line(f"removed      {_named(removal)}" if result.refused is None else why)
    if out.as_json:
        out.document(
            {
                "dry_run": False,
                "freed": 0 if refused == len(removals) else before.freed,
                "environments": results,
                "kept": [_planned(removal) for removal in kept],
                "leftovers": [_left(leftover) for leftover in cleared],
            }
        )
        return ExitCode.NO if refused else ExitCode.YES
    for leftover in cleared:
        out.line(f"cleared      {leftover.path}  {leftover.reason}")
    if not removals and not cleared:
        out.line("Nothing to remove.")
    return ExitCode.NO if refused else ExitCode.YES


def _verify(
    arguments: argparse.Namespace, context: Context, store: Database, out: Output
) -> ExitCode:
    from ....core.environments import verify

    environments = _chosen(arguments, context, store, all_if_none=True)
    versions = _versions(context)
    flawed: list[Environment] = []
    results: list[dict[str, object]] = []
    for item in environments:
        flaws = verify(item, versions)
        results.append(
            {**document(item), "whole": not flaws, "flaws": [_flaw(flaw) for flaw in flaws]}
        )
        if flaws:
            flawed.append(item)
        if not out.as_json:
            out.line(f"{item.identity}  {'not as it was made' if flaws else 'whole'}")
            for flaw in flaws:
                out.line(f"  {flaw.message}")
    begun = _rebuild(flawed, context) if arguments.rebuild else []
    if out.as_json:
        out.document({"environments": results, "builds": begun})
    elif not environments:
        out.line("There is no environment yet.")
    return ExitCode.NO if flawed else ExitCode.YES


def _rebuild(flawed: Sequence[Environment], context: Context) -> list[str]:
    """Build the content of these again; the first of each makes the environment, others wait."""
    from ....core.content import rebuild
    from ....core.server import Server

    site = Server(context.state_dir, context.settings, context.run_as, context.analysis)
    begun: list[str] = []
    for environment in flawed:
        if not environment.used_by:
            messages.note(f"{environment.identity} is used by no content: remove it")
        for number, name in enumerate(environment.used_by):
            build = rebuild(site, name, afresh=number == 0)
            messages.note(f"{name} is built again: pysteward builds log {build.id}")
            if build.environment is not None and build.environment.id != environment.identity:
                messages.note(
                    f"{name} gets another environment, for the settings have changed since: "
                    f"{environment.identity} stays as it is until it is removed"
                )
            begun.append(build.id)
    return begun


def document(environment: Environment, usage: Usage | None = None) -> dict[str, object]:
    """An environment as the JSON of the design's section 7."""
    marker = environment.marker
    return {
        "id": environment.identity,
        "path": str(environment.path),
        "python": {"version": environment.python, "executable": environment.executable},
        "installer": environment.installer,
        "state": environment.state,
        "created": environment.created,
        "last_used": environment.last_used,
        "used_by": list(environment.used_by),
        "previous_of": list(environment.previous_of),
        "size": usage.sizes[environment.path] if usage else None,
        "packages": None
        if marker is None
        else [{"name": name, "version": version} for name, version in marker.packages],
        "complaints": None if marker is None else list(marker.complaints),
    }


def _planned(removal: Removal) -> dict[str, object]:
    return {**document(removal.environment), "reason": removal.reason}


def _left(leftover: Orphan) -> dict[str, object]:
    return {"path": str(leftover.path), "size": leftover.size, "reason": leftover.reason}


def _flaw(flaw: Defect) -> dict[str, object]:
    return {
        "code": flaw.code,
        "message": flaw.message,
        "package": flaw.package,
        "file": flaw.file,
    }


def _chosen(
    arguments: argparse.Namespace, context: Context, store: Database, *, all_if_none: bool = False
) -> tuple[Environment, ...]:
    """The environments whose ids were given, by their beginning; raises StateError."""
    from ....core.environments import list_environments

    environments = list_environments(context.state_dir, store)
    if all_if_none and not arguments.ids:
        return environments
    return tuple(dict.fromkeys(_one(given, environments) for given in arguments.ids))


def _one(given: str, environments: Sequence[Environment]) -> Environment:
    found = [item for item in environments if item.identity.startswith(given)]
    exact = [item for item in found if item.identity == given]
    if len(exact or found) == 1:
        return (exact or found)[0]
    what = "is the beginning of several environments" if found else "is no environment"
    raise StateError(
        f"{given!r} {what}: pysteward environments lists them", code="environment-unknown"
    )


def _criteria(arguments: argparse.Namespace, context: Context) -> Criteria:
    """What was asked for; nothing: all that nobody needs."""
    from ....core.environments import Criteria

    asked = arguments.orphaned or arguments.python_gone or arguments.older_than is not None
    python_gone = arguments.python_gone or not asked
    return Criteria(
        unused=arguments.orphaned or not asked,
        older_than=arguments.older_than,
        python_gone=python_gone,
        configured=_configured(context) if python_gone else None,
        even_used=arguments.even_used,
    )


def _configured(context: Context) -> frozenset[str]:
    """The interpreters that are configured, links followed."""
    targets = (item.target for item in context.analysis().installations)
    return frozenset(os.path.realpath(target) for target in targets if target is not None)


def _versions(context: Context) -> dict[str, PythonVersion]:
    return {
        os.path.realpath(item.target): item.version
        for item in context.analysis().installations
        if item.target is not None and item.version is not None
    }


def _measure(environments: Sequence[Environment]) -> Usage:
    from ....core.environments import measure

    return measure([item.path for item in environments])


def _days(text: str) -> float:
    """Days as seconds; argparse turns the ValueError into its own words."""
    days = float(text.removesuffix("d"))
    if not 0 <= days < 100_000:
        raise ValueError(text)
    return days * _DAY


def _named(removal: Removal) -> str:
    item = removal.environment
    return f"{item.identity}  Python {item.python}  {removal.reason}"


def _installer(item: Environment) -> str:
    version = item.marker.installer_version if item.marker else ""
    return f"{item.installer} {version}".rstrip()


def _many(count: int) -> str:
    return f"{count} environment{'' if count == 1 else 's'}"


def _date(text: str | None) -> str:
    return text.partition("T")[0] if text else "-"


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{size / 1000:.0f} kB"
