"""`pysteward content`: list and manage deployed content.

The modules that build are imported late: `ensure` runs before each use of content, and rarely
builds.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ....core.builds import list_content, remove_content
from ....core.errors import UsageError
from ....core.findings import finding_as_json
from ....core.matching import NO_PYTHON
from ....core.server import Server
from ... import messages
from ...messages import ExitCode
from ...output import Output
from ..cluster_option import add_on, at_once, places_of
from ..connect_option import add_connect
from ..content_json import status_as_json
from ..server_option import add_server
from . import Verb, add_detach, add_json, add_resolving, resolving_of
from .content_locks import DRIFT, LOCK
from .content_runs import CHECK, RENDER, RUN, add_check, check_of, run_options

if TYPE_CHECKING:
    from ....core.builds import Build
    from ....core.content import BuildCheck, Readiness


def _list(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    if arguments.connect is not None:
        return _list_connect(arguments, out)
    if arguments.server is not None:
        from ..server_tables import show_content
        from ..servers_asked import ask_servers

        return show_content(ask_servers(arguments, server, ["content", "list"]), out)
    if out.as_json:
        from ....core.services import ContentService

        statuses = ContentService(server).list(server.analysis().installations)
        out.document({"content": [status_as_json(status) for status in statuses]})
        return ExitCode.YES
    from ....core.content import starts_of
    from ....core.state import open_database

    found = list_content(server.state_dir)
    with open_database(server.state_dir) as store:
        checks = store.last_checks()
    if not found:
        messages.note(f"no content in {server.state_dir}")
    else:
        out.table(
            ("CONTENT", "REQUEST", "PYTHON", "LAST BUILD", "STARTS", "ENVIRONMENT"),
            [
                (
                    content.name,
                    content.request,
                    content.python.version if content.python else "-",
                    content.outcome,
                    starts_of(content, checks.get(content.name)),
                    (content.environment and content.environment.id) or "-",
                )
                for content in found
            ],
        )
    return ExitCode.YES


def _list_connect(arguments: argparse.Namespace, out: Output) -> ExitCode:
    """List the content of a Connect server that runs Python."""
    from ..connect_source import open_session, read_source
    from ..connect_tables import show_content

    with open_session(arguments.connect) as session:
        inventory = read_source(session)
    show_content(session, inventory, out)
    return ExitCode.YES


def _eol(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """List content by the end of life of its Python; NO when support of one is over."""
    from ..connect_tables import show_aging

    if arguments.connect is not None:
        from ..connect_source import open_session, read_source
        from ..connect_tables import server_document

        with open_session(arguments.connect) as session:
            inventory = read_source(session)
        about = server_document(session, inventory.missing)
        return ExitCode.NO if show_aging(inventory.aging(), out, about) else ExitCode.YES
    from ....core.content import by_end_of_life
    from ....core.times import seconds_of
    from ....core.versions import PythonVersion

    aging = by_end_of_life(
        (
            content.name,
            content.name,
            None,
            PythonVersion.parse(content.python.version),
            seconds_of(content.updated),
        )
        for content in list_content(server.state_dir)
        if content.python is not None
    )
    return ExitCode.NO if show_aging(aging, out, {}) else ExitCode.YES


def _show(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    from ....core.services import ContentService
    from .builds import row_as_json

    service = ContentService(server)
    status, builds = service.show(arguments.name, server.analysis().installations)
    content, rollback = status.content, status.rollback
    if out.as_json:
        out.document(status_as_json(status) | {"builds": [row_as_json(build) for build in builds]})
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
    if rollback.python is not None and content.previous is not None:
        previous = content.previous
        out.line(f"  rollback to  {previous.id}  Python {rollback.python}  {previous.path}")
    if status.need is not None:
        out.line(f"  {status.need.urgency.word:<11}  {status.need.why}")
    for change in status.changes:
        out.line(f"  changed      {change}")
    if status.new_deploy is not None:
        out.line(f"  out of date  {status.new_deploy}")
    check = "" if status.last_check is None else f"  (run {status.last_check.id})"
    out.line(f"  starts       {status.starts}{check}")
    out.line(f"  bundle       {content.bundle}")
    out.line(f"  deployed     {content.created}, last changed {content.updated}")
    for build in builds:
        out.line(f"  build        {build.id}  {build.outcome}  Python {build.python or '-'}")
    return ExitCode.YES


def _rebuild(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    if arguments.all or arguments.name is None:
        return _rebuild_all(arguments, server, out)
    from ....core.content import rebuild
    from ..build_watch import (
        ignore_hangup,
        show_outcome,
        watch,
    )

    with ignore_hangup():
        build = rebuild(
            server,
            arguments.name,
            afresh=arguments.force,
            check=check_of(arguments),
            resolving=resolving_of(arguments),
            on=places_of(arguments, server),
        )
    if arguments.detach:
        return show_outcome(build, out)
    return watch(server.state_dir, build, out)


def _rebuild_all(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """Rebuild all content as a plan, which goes on by itself."""
    from ....core.services import UpgradeService
    from ..upgrade_watch import attend

    if arguments.name is not None or not arguments.all:
        raise UsageError("content rebuild needs a NAME or --all")
    if arguments.locked or arguments.refresh or arguments.use_anyway or arguments.env_file:
        raise UsageError("content rebuild --all takes --force, --check and --on only")
    places = places_of(arguments, server)
    file = UpgradeService(server).rebuild_all(
        at_once(places, server, None), force=arguments.force, check=arguments.check, places=places
    )
    return attend(file, out, detach=arguments.detach)


def _ensure(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """Write the path of the environment, after a rebuild where one is needed.

    Ctrl-C leaves the build running.
    """
    from ....core.content import check_readiness

    name = arguments.name
    found = check_readiness(server.state_dir, name, server.analysis().installations)
    if found.content.request == NO_PYTHON:
        messages.note(f"{name} needs no Python, so that it has no environment")
        if out.as_json:
            out.document(_readiness(found, None, None))
        return ExitCode.YES
    if found.need is not None:
        found = _start(server, name, check_of(arguments))
    path, build = found.path, found.build
    if build is not None and found.need is not None:
        messages.note(f"{name} is rebuilt: {found.need.why}")
        build, path = _wait(server, build, path)
    elif check_of(arguments) is not None and path is not None:
        build = _check_ready(arguments, server)
    if out.as_json:
        out.document(_readiness(found, build, path))
    elif path is not None:
        out.line(str(path))
    if path is None and build is not None and not build.is_run:
        causes = [finding.cause for finding in build.findings if finding.role == "cause"]
        messages.note(
            f"build {build.id} {build.outcome}{': ' if causes else ''}{''.join(causes[:1])}"
        )
    if build is not None and build.check is not None:
        messages.note(f"starts: {build.check.starts}: {build.check.why}")
        return ExitCode.YES if path is not None and build.starts == "yes" else ExitCode.NO
    return ExitCode.NO if path is None else ExitCode.YES


def _check_ready(arguments: argparse.Namespace, server: Server) -> Build:
    """Check content whose environment is ready; return the run."""
    from ....core.builds import Record, current_build, follow
    from ....core.content import check
    from ..build_watch import ignore_hangup, stream

    with ignore_hangup():
        run = check(server, arguments.name, run_options(arguments))
    record = Record(run.directory)
    stream(follow(record))
    return current_build(server.state_dir, record)


def _start(server: Server, name: str, check: BuildCheck | None) -> Readiness:
    from ....core.content import ensure
    from ..build_watch import ignore_hangup

    with ignore_hangup():
        return ensure(server, name, check=check)


def _wait(server: Server, build: Build, path: Path | None) -> tuple[Build, Path | None]:
    """Wait for the build; returns it with the path that it made."""
    from ....core.builds import Record, find_content, follow, show
    from ..build_watch import stream

    if build.is_running:
        stream(follow(Record(build.directory)))
        build = show(server.state_dir, build.id)
    if build.outcome == "succeeded" and build.environment is not None:
        # Content that does not start in the new environment may have kept the old one.
        kept = find_content(server.state_dir, build.content).environment
        if kept is not None and kept.id is not None:
            return build, Path(kept.path)
        return build, Path(build.environment.path)
    return build, path


def _readiness(found: Readiness, build: Build | None, path: Path | None) -> dict[str, object]:
    content = found.content
    python = build.python if build is not None else content.python
    return {
        "content": content.name,
        "path": None if path is None else str(path),
        "rebuilt": build is not None and not build.is_run,
        "why": None if found.need is None else found.need.why,
        "build": None if build is None else build.id,
        "starts": None if build is None else build.starts,
        "outcome": "succeeded" if build is None or build.is_run else build.outcome,
        "python": None if python is None else python.version,
        "findings": [] if build is None else [finding_as_json(each) for each in build.findings],
    }


def _rollback(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """Switch content back to its previous environment, and write which that is."""
    from ....core.content import roll_back

    name = arguments.name
    content = roll_back(server.state_dir, name)
    assert content.environment is not None
    assert content.python is not None
    environment, version = content.environment, content.python.version
    if out.as_json:
        out.document(
            {
                "content": name,
                "environment": {"id": environment.id, "path": environment.path},
                "python": version,
            }
        )
    else:
        out.line(f"{name} is on Python {version} again: {environment.path}")
        out.line("It stays there until it is deployed or rebuilt.")
    return ExitCode.YES


def _remove(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    remove_content(server.state_dir, arguments.name)
    if out.as_json:
        out.document({"removed": arguments.name})
    else:
        out.line(f"removed {arguments.name}; its environment stays until it is pruned")
    return ExitCode.YES


def _configure_name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="content name")
    add_json(parser)


def _configure_ensure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="content name")
    add_check(parser)
    add_json(parser)


def _configure_rebuild(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help="content name")
    parser.add_argument("--all", action="store_true", help="rebuild all content, as a plan")
    parser.add_argument(
        "--force", action="store_true", help="rebuild even if the environment is complete"
    )
    add_check(parser)
    add_resolving(parser)
    add_on(parser)
    add_detach(parser)
    add_json(parser)


def _configure_list(parser: argparse.ArgumentParser) -> None:
    add_connect(parser, "the content")
    add_server(parser)
    add_json(parser)


VERBS = (
    Verb("list", "list deployed content", _configure_list, _list, "content list --json"),
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
        _configure_ensure,
        _ensure,
        "content ensure sales-report",
    ),
    CHECK,
    RENDER,
    RUN,
    LOCK,
    DRIFT,
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
    Verb(
        "eol",
        "list content by the end of life of its Python",
        _configure_list,
        _eol,
        "content eol",
    ),
)
