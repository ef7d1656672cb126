"""The process that starts content and asks it, as its worker sees it: its job, what it says."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..frozen import frozen
from ..json_values import JsonError, from_json, parse_json
from .programs import Program, script


@frozen
class Answer:
    """How content answered.

    step: ``listen``, ``request``, ``session``, ``program`` or ``done``, the one that it came to.
    ok: whether that went well. late: at the time limit. status: the exit status of a program that
    has ended. http: the status of a request that failed. path: what was asked for.
    unchecked: the program cannot do what it was started for.
    """

    step: str
    ok: bool
    late: bool = False
    unchecked: bool = False
    status: int | None = None
    http: int | None = None
    path: str = ""
    waited_for: tuple[str, ...] = ()
    not_opened: tuple[str, ...] = ()


class Driver:
    """One start of content.

    host, port: where it listens; port 0: any that is free. hold: it is left running.
    """

    def __init__(
        self,
        program: Program,
        python: Path,
        *,
        timeout: float,
        memory: int,
        host: str = "127.0.0.1",
        port: int = 0,
        hold: bool = False,
    ) -> None:
        self.answer: Answer | None = None
        self.port = 0
        self._program = program
        self._python = python
        self._token = f"\x1epysteward-{os.urandom(12).hex()}:"
        self._job = {
            "token": self._token,
            "name": program.name,
            "serves": program.serves,
            "variables": program.variables,
            "argv": [*((str(python),) if program.uses_python else ()), *program.argv],
            "session": [str(python), *program.session] if program.session else None,
            "session_name": program.session_name,
            "session_missing": program.session_missing,
            "paths": program.paths,
            "socket": program.socket,
            "first": program.first,
            "not_opened": program.not_opened,
            "timeout": timeout,
            "grace": program.grace,
            "memory": memory,
            "host": host,
            "port": port,
            "hold": hold,
        }

    @property
    def command(self) -> list[str]:
        """The command line; `job` is what it reads."""
        return [str(self._python), "-E", "-S", "-s", "-c", script("_driver")]

    @property
    def job(self) -> bytes:
        return json.dumps(self._job).encode()

    def read(self, line: str, on_event: Callable[[str, Mapping[str, Any]], None]) -> str | None:
        """Take a line of the output; return the content's own part of it, None where it has none.

        on_event: called with the kind and the facts of what the driver says.
        """
        before, token, said = line.partition(self._token)
        if not token:
            return line
        try:
            facts = from_json(Mapping[str, Any], parse_json(said.encode()))
            kind = str(facts.get("kind"))
            if kind == "answer":
                self.answer = from_json(Answer, facts)
            elif kind == "listening":
                self.port = from_json(int, facts.get("port"))
            on_event(kind, facts)
        except (JsonError, ValueError):
            return line  # the content imitates the driver; then that is what it printed
        return before or None
