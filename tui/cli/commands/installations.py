"""`pysteward installations`: list the configured Pythons and check each one."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ....core.server import Server
from ....core.services import InstallationService
from ... import messages
from ...messages import ExitCode
from ...output import Output
from ..connect_option import add_connect
from ..server_option import add_server
from . import Verb, add_json

if TYPE_CHECKING:
    from ....core.installations import Analysis, Installation, Problem

_HEADER = ("STATUS", "VERSION", "PIP", "VIRTUALENV", "INSTALLATION")


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-cache", action="store_true", help="ignore cached results and run every interpreter"
    )
    parser.add_argument("--log", action="store_true", help="also show the analysis log")
    add_connect(parser, "the Pythons")
    add_server(parser)
    add_json(parser)


def _run(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """Check every configured installation; NO when one of them is unusable."""
    if arguments.connect is not None:
        return _show_connect(arguments, out)
    if arguments.server is not None:
        return _show_servers(arguments, server, out)
    analysis = server.analysis(fresh=arguments.no_cache)
    if arguments.log:
        messages.note("\n".join(analysis.log))
    if not server.settings.enabled:
        messages.warn("the setting Enabled is false, so no Python content is accepted")
    if out.as_json:
        out.document(document(analysis, server))
    elif analysis.installations:
        _show(analysis, server, out)
    else:
        out.line("No Python is configured.")
        out.line(f"  -> {InstallationService(server).offered()}")
    return ExitCode.YES if analysis.installations and analysis.is_usable else ExitCode.NO


def _show_connect(arguments: argparse.Namespace, out: Output) -> ExitCode:
    """List the Pythons of a Connect server; NO where it has none or the key may not see them."""
    from ..connect_source import open_session, read_source, refuse_together
    from ..connect_tables import show_pythons

    refuse_together(arguments, "no_cache", "log")
    with open_session(arguments.connect) as session:
        inventory = read_source(session)
    show_pythons(session, inventory, out)
    return ExitCode.YES if inventory.pythons else ExitCode.NO


def _show_servers(arguments: argparse.Namespace, server: Server, out: Output) -> ExitCode:
    """List the Pythons of other servers, also of those without pysteward."""
    from ....core.remotes.ssh import Connection, RemoteDocument, read_pythons
    from ..server_tables import show_installations
    from ..servers_asked import ask_servers, refuse

    refuse(arguments, "connect", "log")

    def bare(connection: Connection, seconds: float) -> RemoteDocument:
        found, _ = read_pythons(connection, seconds)
        about = {"config": None, "matching": None, "enabled": None}
        rows = [installation_document(each) for each in found]
        return RemoteDocument(about | {"installations": rows}, all(each.usable for each in found))

    asked = ["installations", *(["--no-cache"] if arguments.no_cache else [])]
    return show_installations(ask_servers(arguments, server, asked, bare), out)


def document(analysis: Analysis, server: Server) -> dict[str, object]:
    """Return the analysis as JSON (section 7 of the design)."""
    file = server.settings.file
    return {
        "config": None if file is None else str(file),
        "matching": server.settings.version_matching,
        "enabled": server.settings.enabled,
        "installations": [installation_document(item) for item in analysis.installations],
    }


def installation_document(installation: Installation) -> dict[str, object]:
    said = installation.interpreter
    end = installation.end_of_life
    return {
        "path": installation.path,
        "executable": installation.executable,
        "target": installation.target,
        "version": None if installation.version is None else str(installation.version),
        "usable": installation.usable,
        "pip": installation.pip,
        "virtualenv": installation.virtualenv,
        "venv": installation.venv,
        "end_of_life": None if end is None else end.isoformat(),
        "origin": None if said is None else said.origin,
        "problems": [_problem(problem) for problem in installation.problems],
    }


def _problem(problem: Problem) -> dict[str, object]:
    return {
        "code": problem.code,
        "message": problem.message,
        "remedy": problem.remedy,
        "severity": problem.severity,
    }


def _show(analysis: Analysis, server: Server, out: Output) -> None:
    file = server.settings.file
    where = "no settings file, so the Pythons of this machine" if file is None else str(file)
    out.line(f"{where}; matching {server.settings.version_matching}")
    out.table(_HEADER, [_row(item) for item in analysis.installations])
    for installation in analysis.installations:
        for line in _problem_lines(installation):
            out.line(line)
    usable = sum(item.usable for item in analysis.installations)
    out.line()
    out.line(f"{usable} of {len(analysis.installations)} can be used.")


def _row(installation: Installation) -> tuple[str, ...]:
    status = "unusable"
    if installation.usable:
        status = "warnings" if installation.warnings else "usable"
    return (
        status,
        str(installation.version or "?"),
        installation.pip or "-",
        installation.virtualenv or "-",
        _where(installation),
    )


def _where(installation: Installation) -> str:
    """Return the interpreter as it is run, and its target if it is a link."""
    executable, target = installation.executable, installation.target
    if executable is None or target is None or target == executable:
        return executable or installation.path
    directory, _, name = target.rpartition("/")
    return f"{executable} -> {name if executable.rpartition('/')[0] == directory else target}"


def _problem_lines(installation: Installation) -> Iterator[str]:
    if installation.problems:
        yield ""
        yield installation.path
    for problem in installation.problems:
        word = "error" if problem.severity == "unusable" else "warning"
        yield f"  {word} [{problem.code}] {problem.message}"
        if problem.remedy is not None:
            yield f"    -> {problem.remedy}"


VERBS = (
    Verb(
        "",
        "list the configured Pythons and check each one",
        _configure,
        _run,
        "installations --no-cache",
    ),
)
