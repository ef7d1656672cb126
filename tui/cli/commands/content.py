"""`pysteward content`: list and manage deployed content.

The modules that build are imported late: `ensure` runs before each use of content, and rarely
builds.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from ....core.builds import list_builds, list_content, remove_content
from ... import messages
from ...app.context import Context
from ...messages import ExitCode
from ...output import Output
from . import Verb, add_detach, add_json

if TYPE_CHECKING:
    from ....core.matching import Decision
    from ...services.content import ContentStatus


def _list(_: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    if out.as_json:
        from ...services.content import ContentService

        statuses = ContentService(context).content(context.analysis().installations)
        out.document({"content": [_as_json(status) for status in statuses]})
        return ExitCode.YES
    found = list_content(context.state_dir)
    if not found:
        messages.note(f"no content in {context.state_dir}")
    else:
        out.table(
            ("CONTENT", "REQUEST", "PYTHON", "LAST BUILD", "ENVIRONMENT"),
            [
                (
                    content.name,
                    content.request,
                    content.python.version if content.python else "-",
                    content.outcome,
                    (content.environment and content.environment.id) or "-",
                )
                for content in found
            ],
        )
    return ExitCode.YES


def _show(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    from ...services.content import ContentService
    from .builds import row_as_json

    status = ContentService(context).status(arguments.name, context.analysis().installations)
    content = status.content
    builds = list_builds(context.state_dir, content=content.name)
    if out.as_json:
        out.document(_as_json(status) | {"builds": [row_as_json(build) for build in builds]})
        return ExitCode.YES
    out.line(content.name)
    out.line(f"  request      {content.request}")
    if content.python is not None:
        python = content.python
        out.line(f"  Python       {python.version}  {python.executable}  (rule {python.rule})")
    if content.environment is not None:
        out.line(f"  environment  {content.environment.id}  {content.environment.path}")
    if content.put_back is not None:
        out.line(f"  rolled back  {content.put_back}, until it is deployed or rebuilt")
    if status.before is not None and content.previous is not None:
        previous = content.previous
        out.line(f"  rollback to  {previous.id}  Python {status.before}  {previous.path}")
    if status.need is not None:
        out.line(f"  {status.need.urgency.word:<11}  {status.need.why}")
    for change in status.changes:
        out.line(f"  changed      {change}")
    if status.otherwise is not None:
        out.line(f"  out of date  {status.otherwise}")
    out.line(f"  bundle       {content.bundle}")
    out.line(f"  deployed     {content.created}, last changed {content.updated}")
    for build in builds:
        out.line(f"  build        {build.id}  {build.outcome}  Python {build.python or '-'}")
    return ExitCode.YES


def _rebuild(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    from ....core.content import rebuild
    from ..build_watch import (
        ignore_hangup,
        show_outcome,
        site,
        watch,
    )

    with ignore_hangup():
        build = rebuild(site(context), arguments.name, afresh=arguments.force)
    if arguments.detach:
        return show_outcome(build, out)
    return watch(context.state_dir, build, out)


def _ensure(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    from ..ensuring import show_ensured

    return show_ensured(context, arguments.name, out)


def _rollback(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    from ..ensuring import show_put_back

    return show_put_back(context, arguments.name, out)


def _remove(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    remove_content(context.state_dir, arguments.name)
    if out.as_json:
        out.document({"removed": arguments.name})
    else:
        out.line(f"removed {arguments.name}; its environment stays until it is pruned")
    return ExitCode.YES


def _as_json(status: ContentStatus) -> dict[str, object]:
    """A content item as JSON: as it was deployed, and what has changed since."""
    content, need, decision = status.content, status.need, status.would_get
    return {
        "name": content.name,
        "content": content.name,
        "request": content.request,
        "python": asdict(content.python) if content.python else None,
        "environment": asdict(content.environment) if content.environment else None,
        "build": content.build,
        "outcome": content.outcome,
        "bundle": content.bundle,
        "created": content.created,
        "updated": content.updated,
        "need": None if need is None else {"urgency": need.urgency.word, "why": need.why},
        "changes": list(status.changes),
        "would_get": None if decision is None else _python(decision),
        "rollback_to": None
        if status.before is None or content.previous is None
        else {"python": status.before, "environment": asdict(content.previous)},
        "rolled_back": content.put_back,
    }


def _python(decision: Decision) -> dict[str, object]:
    """The Python of a decision; without a match, the version is None."""
    selected = decision.selected
    return {
        "version": str(selected.version) if selected else None,
        "executable": selected.executable if selected else None,
        "rule": decision.rule.value if decision.rule else None,
        "reason": decision.reason,
    }


def _configure_name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="content name")
    add_json(parser)


def _configure_rebuild(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="content name")
    parser.add_argument(
        "--force", action="store_true", help="rebuild even if the environment is complete"
    )
    add_detach(parser)
    add_json(parser)


VERBS = (
    Verb("list", "list deployed content", add_json, _list, "content list --json"),
    Verb(
        "show",
        "show one content item and its builds",
        _configure_name,
        _show,
        "content show sales-report",
    ),
    Verb(
        "rebuild",
        "rebuild its environment, on the same Python while that is usable",
        _configure_rebuild,
        _rebuild,
        "content rebuild sales-report --force",
    ),
    Verb(
        "ensure",
        "print its environment's path, rebuilding first if needed",
        _configure_name,
        _ensure,
        "content ensure sales-report",
    ),
    Verb(
        "rollback",
        "switch back to the previous environment",
        _configure_name,
        _rollback,
        "content rollback sales-report",
    ),
    Verb(
        "remove",
        "delete it with its bundles and build records",
        _configure_name,
        _remove,
        "content remove sales-report",
    ),
)
