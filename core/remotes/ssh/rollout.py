"""Carry out a change on many servers, wave by wave, and stop at the first that fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from threading import Lock

from ...errors import RemoteError
from .asking import Fields, ask_json, rows_of, text_of
from .connections import Connections, ask_all
from .model import SshServer
from .waves import Rollout, RolloutFile, WaveServer, WaveState, failed

OnChange = Callable[[WaveServer], object]
"""Is told of every server whose state changed; from any thread."""

_PAUSE = 2.0  # seconds between two questions how far a server is
_MOST_MISSES = 5
"""Questions without an answer, after which a server counts as failed; its builds go on."""

_STARTING = 120.0
"""Seconds that a server has to change its settings and to begin; its analysis is part of that."""


class RolloutRunner:
    """Works on one change. servers: by their names. seconds: for each answer."""

    def __init__(
        self,
        file: RolloutFile,
        servers: Mapping[str, SshServer],
        connections: Connections,
        seconds: float,
        on_change: OnChange = lambda _: None,
        *,
        pause: float = _PAUSE,
    ) -> None:
        self._file = file
        self._servers = servers
        self._connections = connections
        self._seconds = seconds
        self._on_change = on_change
        self._pause = pause
        self._lock = Lock()
        self._rollout = file.read()

    def run(self, *, retry: bool = False) -> Rollout:
        """Take up every wave that is not done, in order; return how far it came.

        It may be interrupted at any moment and run again. retry: have what failed built again.
        Raises StateError.
        """
        for wave in self._rollout.waves:
            self._run_wave([each for each in wave if each.state is not WaveState.DONE], retry)
            if any(self._current(each.name).state is not WaveState.DONE for each in wave):
                break
        return self._rollout

    def _run_wave(self, left: Sequence[WaveServer], retry: bool) -> None:
        """Bring these servers to their end, all at the same time."""
        for server in left:
            if server.name not in self._servers:
                missing = RemoteError(f"{server.name}: it is not configured any more")
                self._set(failed(server, missing))
        known = {each.name: each for each in left if each.name in self._servers}
        there = [self._servers[name] for name in known]
        for one, found in ask_all(there, lambda one: self._carry(known[one.name], retry)):
            if isinstance(found, RemoteError):
                self._set(failed(self._current(one.name), found))

    def _carry(self, server: WaveServer, retry: bool) -> None:
        """Bring one server to its end. Raises RemoteError."""
        plan = self._plan_of(server)
        if plan is None:
            before = self._last_plan(server.name)
            server = replace(
                server,
                state=WaveState.STARTING,
                plan=None,
                before=None if before is None else text_of(before, "id"),
                why=None,
            )
            self._set(server)
            asked = ["upgrade", "apply", *self._rollout.change, "--yes", "--detach"]
            plan = self._ask(server.name, asked, _STARTING)
        elif plan.get("running") is not True and not _is_over(plan):
            plan = self._ask(server.name, ["upgrade", "resume", "--detach"], _STARTING)
        elif retry and _is_over(plan) and not _has_succeeded(plan):
            plan = self._ask(server.name, ["upgrade", "retry", "--detach"], _STARTING)
        own = replace(server, state=WaveState.RUNNING, plan=text_of(plan, "id"), why=None)
        self._set(own)
        misses = 0
        while not _is_over(plan):
            time.sleep(self._pause)
            try:
                plan = self._ask(server.name, ["upgrade", "status"], self._seconds)
                misses = 0
            except RemoteError:
                misses += 1
                if misses == _MOST_MISSES:
                    raise
                continue
            if text_of(plan, "id") != own.plan:
                problem = f"{server.name}: another upgrade was begun there: {text_of(plan, 'id')}"
                raise RemoteError(problem, code="remote-refused")
            if plan.get("running") is not True and not _is_over(plan):
                problem = f"{server.name}: its upgrade was stopped before its end"
                raise RemoteError(problem, code="remote-refused")
        if _has_succeeded(plan):
            self._set(replace(own, state=WaveState.DONE))
        else:
            self._set(replace(own, state=WaveState.FAILED, why=_why(plan)))

    def _plan_of(self, server: WaveServer) -> Fields | None:
        """Return the server's own plan of this change, if it began one. Raises RemoteError."""
        if server.state is WaveState.WAITING:
            return None
        plan = self._last_plan(server.name)
        if plan is None:
            return None
        own = text_of(plan, "id")
        is_own = own == server.plan if server.plan is not None else own != server.before
        return plan if is_own else None

    def _last_plan(self, name: str) -> Fields | None:
        """Return the newest plan of a server; None where it has none. Raises RemoteError."""
        try:
            return self._ask(name, ["upgrade", "status"], self._seconds)
        except RemoteError as problem:
            if problem.code == "remote-refused":  # there was no upgrade yet
                return None
            raise

    def _ask(self, name: str, command: list[str], seconds: float) -> Fields:
        return ask_json(self._connections.to(self._servers[name]), command, seconds).fields

    def _current(self, name: str) -> WaveServer:
        return next(each for each in self._rollout.servers if each.name == name)

    def _set(self, server: WaveServer) -> None:
        with self._lock:
            self._rollout = self._rollout.with_server(server)
            self._file.write(self._rollout)
        self._on_change(server)


def _is_over(plan: Fields) -> bool:
    return isinstance(plan.get("finished"), str)


def _has_succeeded(plan: Fields) -> bool:
    return all(step.get("state") == "done" for step in rows_of(plan, "steps"))


def _why(plan: Fields) -> str:
    """Return the first content that failed, and how many more did."""
    bad = [step for step in rows_of(plan, "steps") if step.get("state") != "done"]
    first = f"{text_of(bad[0], 'content')}: {text_of(bad[0], 'problem')}" if bad else "it failed"
    return first if len(bad) < 2 else f"{first}; {len(bad) - 1} more"
