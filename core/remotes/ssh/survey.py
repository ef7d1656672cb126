"""All servers at once: a row each, as it comes."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence

from ...errors import RemoteError
from ...frozen import frozen
from ...services import ServerOverview
from .asking import ask_overview
from .connections import Connections, ask_all
from .model import SshServer
from .remembered import Memory


@frozen
class ServerRow:
    """What is known of one server.

    overview: its answer, or the last one it gave; None where it never gave one.
    at: when that came, seconds since 1970. problem: why there is no answer now.
    is_now: whether the overview is the answer to this question.
    """

    server: SshServer
    overview: ServerOverview | None = None
    at: float | None = None
    problem: RemoteError | None = None
    is_now: bool = False


def remembered_rows(servers: Sequence[SshServer], memory: Memory) -> tuple[ServerRow, ...]:
    """Return what servers answered the last time, without asking any."""
    rows: list[ServerRow] = []
    for server in servers:
        last = memory.recall(server)
        rows.append(
            ServerRow(server) if last is None else ServerRow(server, last.overview, last.at)
        )
    return tuple(rows)


def survey_servers(
    servers: Sequence[SshServer], connections: Connections, memory: Memory, seconds: float
) -> Generator[ServerRow]:
    """Yield a row for each server as it answers, or when its time is over. seconds: for each."""
    answers = ask_all(servers, lambda server: ask_overview(connections.to(server), seconds))
    for server, found in answers:
        if isinstance(found, RemoteError):
            last = memory.recall(server)
            known = (None, None) if last is None else (last.overview, last.at)
            yield ServerRow(server, *known, problem=found)
        else:
            memory.keep(server, found)
            yield ServerRow(server, found, time.time(), is_now=True)
