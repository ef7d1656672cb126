"""Ask several servers the same thing on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from ...core.errors import RemoteError, UsageError
from ...core.frozen import frozen
from ...core.remotes.ssh import (
    MISSING,
    Connection,
    Connections,
    Fields,
    RemoteDocument,
    SshServer,
    ask_all,
    ask_json,
    choose_servers,
    find_servers_file,
    read_servers,
)
from ...core.server import Server
from .. import messages
from ..messages import ExitCode
from ..output import Output

Bare = Callable[[Connection, float], RemoteDocument]
"""Answers for a server without pysteward."""


@frozen
class ServerAnswer:
    """What one server answered: a document, or why there is none."""

    server: SshServer
    document: RemoteDocument | None = None
    problem: RemoteError | None = None

    @property
    def fields(self) -> Fields:
        return {} if self.document is None else self.document.fields


def servers_of(arguments: argparse.Namespace, server: Server, wanted: str) -> tuple[SshServer, ...]:
    """Return the servers that a command is about. Raises: RemoteError."""
    file = find_servers_file(arguments.config, arguments.servers)
    return choose_servers(wanted, read_servers(file), file)


def deadline_of(arguments: argparse.Namespace, server: Server) -> float:
    """Return the seconds for each answer. Raises: UsageError."""
    if arguments.timeout is None:
        return server.settings.server_timeout
    if not 0 < arguments.timeout <= 86400:
        raise UsageError("--timeout must be more than 0 seconds and at most a day")
    return float(arguments.timeout)


def ask_servers(
    arguments: argparse.Namespace, server: Server, command: Sequence[str], bare: Bare | None = None
) -> list[ServerAnswer]:
    """Ask all servers that --server means, and return the answers in their order.

    command: of pysteward, without --json. bare: for servers without pysteward; None means that
    these cannot answer. What cannot be reached is told at once.
    """
    servers = servers_of(arguments, server, arguments.server)
    seconds = deadline_of(arguments, server)
    with Connections() as connections:

        def ask(one: SshServer) -> RemoteDocument:
            connection = connections.to(one)
            try:
                return ask_json(connection, command, seconds)
            except RemoteError as problem:
                if bare is None or problem.code != MISSING:
                    raise
                return bare(connection, seconds)

        answers: dict[str, ServerAnswer] = {}
        for one, found in ask_all(servers, ask):
            if isinstance(found, RemoteError):
                answers[one.name] = ServerAnswer(one, problem=found)
                messages.warn(found.message)
            else:
                answers[one.name] = ServerAnswer(one, found)
    return [answers[one.name] for one in servers]


def show_text(
    arguments: argparse.Namespace, server: Server, command: Sequence[str], out: Output
) -> ExitCode:
    """Write what a command of one server prints for people. Raises: RemoteError."""
    servers = servers_of(arguments, server, arguments.server)
    if len(servers) != 1:
        raise UsageError("name one server with --server")
    with Connections() as connections:
        answer = connections.to(servers[0]).call(list(command), deadline_of(arguments, server))
    if answer.status not in (0, 1):
        what = answer.complaints or f"{' '.join(command)} ends with status {answer.status}"
        raise RemoteError(f"{servers[0].name}: {what}", code="remote-refused")
    text = answer.output.decode("utf-8", "replace")
    out.line(text.removesuffix("\n"))
    return ExitCode.YES if answer.status == 0 else ExitCode.NO


def refuse(arguments: argparse.Namespace, *options: str) -> None:
    """Refuse options that mean nothing for another server. Raises: UsageError."""
    for option in options:
        if getattr(arguments, option):
            given = option.replace("_", "-")
            raise UsageError(f"--{given} does not go with --server")


def answers_document(answers: Sequence[ServerAnswer]) -> dict[str, object]:
    """Return the answers as JSON, one entry a server."""
    return {
        "servers": [
            {
                "server": each.server.name,
                "error": problem_document(each.problem),
                "answer": None if each.document is None else dict(each.document.fields),
            }
            for each in answers
        ]
    }


def problem_document(problem: RemoteError | None) -> dict[str, object] | None:
    return None if problem is None else {"code": problem.code, "message": problem.message}


def status_of(answers: Sequence[ServerAnswer]) -> ExitCode:
    """NO when a server could not be asked, or when one answers no."""
    good = all(each.document is not None and each.document.is_yes for each in answers)
    return ExitCode.YES if good else ExitCode.NO


def show_answers(
    answers: Sequence[ServerAnswer],
    out: Output,
    header: Sequence[str],
    rows: Callable[[Fields], Sequence[Sequence[str]]],
    nothing: str,
) -> ExitCode:
    """Write all answers as one table with the server in front. rows: of one document."""
    if out.as_json:
        out.document(answers_document(answers))
        return status_of(answers)
    table = [(each.server.name, *row) for each in answers for row in rows(each.fields)]
    if table:
        out.table(("SERVER", *header), table)
    else:
        has_answers = any(each.document is not None for each in answers)
        out.line(nothing if has_answers else "No server answered.")
    return status_of(answers)
