"""`pysteward content`: what was deployed, and what can be done with it.

What builds is imported late: `ensure` is called before each use of content, and seldom builds.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict

from ....core.builds import (
    Content,
    find_content,
    list_builds,
    list_content,
    remove_content,
)
from ... import messages
from ...app.context import Context
from ...messages import ExitCode
from ...output import Output


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")
    listing = actions.add_parser("list", help="all content, by name")
    one = actions.add_parser("show", help="one piece of content with its builds")
    building = actions.add_parser(
        "rebuild", help="build it again; it keeps its Python as long as that can be used"
    )
    building.add_argument(
        "--afresh", action="store_true", help="also if its environment is complete"
    )
    building.add_argument("--detach", action="store_true", help="return at once")
    ensuring = actions.add_parser(
        "ensure", help="its environment's path: at once if all is well, else after a build"
    )
    restoring = actions.add_parser(
        "restore", help="put it on the environment that it had before this one"
    )
    removing = actions.add_parser("remove", help="forget it, its bundles and its builds' records")
    for action in (one, building, ensuring, restoring, removing):
        action.add_argument("name", metavar="NAME", help="the content's name")
    for action in (parser, listing, one, building, ensuring, restoring, removing):
        default = False if action is parser else argparse.SUPPRESS
        action.add_argument(
            "--json", action="store_true", default=default, help="one JSON document"
        )


def run(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    return _ACTIONS[arguments.action or "list"](arguments, context, out)


def _list(_: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    found = list_content(context.state_dir)
    if out.as_json:
        out.document({"content": [_as_json(content) for content in found]})
    elif not found:
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
    from .builds import row_as_json

    content = find_content(context.state_dir, arguments.name)
    builds = list_builds(context.state_dir, content=content.name)
    if out.as_json:
        out.document(_as_json(content) | {"builds": [row_as_json(build) for build in builds]})
        return ExitCode.YES
    out.line(content.name)
    out.line(f"  request      {content.request}")
    if content.python is not None:
        python = content.python
        out.line(f"  Python       {python.version}  {python.executable}  (rule {python.rule})")
    if content.environment is not None:
        out.line(f"  environment  {content.environment.id}  {content.environment.path}")
    if content.put_back is not None:
        out.line(f"  put back     {content.put_back}, until it is deployed or built again")
    if content.previous is not None:
        previous = content.previous
        out.line(f"  before that  {previous.id}  {previous.path}  (content restore goes back)")
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
        build = rebuild(site(context), arguments.name, afresh=arguments.afresh)
    if arguments.detach:
        return show_outcome(build, out)
    return watch(context.state_dir, build, out)


def _ensure(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    from ..ensuring import show_ensured

    return show_ensured(context, arguments.name, out)


def _restore(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    from ..ensuring import show_put_back

    return show_put_back(context, arguments.name, out)


def _remove(arguments: argparse.Namespace, context: Context, out: Output) -> ExitCode:
    remove_content(context.state_dir, arguments.name)
    if out.as_json:
        out.document({"removed": arguments.name})
    else:
        out.line(f"removed {arguments.name}; its environment stays until it is pruned")
    return ExitCode.YES


def _as_json(content: Content) -> dict[str, object]:
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
    }


_ACTIONS = {
    "list": _list,
    "show": _show,
    "rebuild": _rebuild,
    "ensure": _ensure,
    "restore": _restore,
    "remove": _remove,
}
