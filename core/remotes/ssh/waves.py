"""A change that goes out to many servers: who gets it when, how far it is, and its file.

The servers keep plans and logs of their own; this file says which of them are this change's.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from pathlib import Path

from ...errors import RemoteError, StateError, UsageError
from ...file_io import read_regular
from ...frozen import frozen
from ...json_values import JsonError, as_json, from_json, parse_json
from ...state import make_directory, write_whole
from ...times import now
from .model import SshServer

DIRECTORY = "waves"
_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z\.json")
_MOST_BYTES = 16 * 1024 * 1024


class WaveState(str, Enum):
    """How far one server is."""

    WAITING = "waiting"
    STARTING = "starting"
    """It was asked to begin; whether it did, its own plan says."""
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@frozen
class WaveServer:
    """One server in a change.

    plan: the id of its own plan. before: that of the plan which it had before.
    why: it failed, in one sentence.
    """

    name: str
    state: WaveState = WaveState.WAITING
    plan: str | None = None
    before: str | None = None
    why: str | None = None


@frozen
class Rollout:
    """A change and the waves in which it goes out.

    change: options of `upgrade apply`. created: RFC 3339. waves: the servers of each.
    """

    id: str
    created: str
    change: tuple[str, ...]
    waves: tuple[tuple[WaveServer, ...], ...]

    @property
    def servers(self) -> tuple[WaveServer, ...]:
        return tuple(server for wave in self.waves for server in wave)

    @property
    def is_done(self) -> bool:
        return all(server.state is WaveState.DONE for server in self.servers)

    @property
    def has_failed(self) -> bool:
        return any(server.state is WaveState.FAILED for server in self.servers)

    def with_server(self, changed: WaveServer) -> Rollout:
        """Return the change with another state of that server."""
        return replace(
            self,
            waves=tuple(
                tuple(changed if each.name == changed.name else each for each in wave)
                for wave in self.waves
            ),
        )

    def abandoned(self) -> Rollout:
        """Return the change without the servers that are not done."""
        done = [tuple(each for each in wave if each.state is WaveState.DONE) for wave in self.waves]
        return replace(self, waves=tuple(wave for wave in done if wave))


def plan_waves(
    servers: Sequence[SshServer], change: Sequence[str], *, canary: str | None, batch: int
) -> Rollout:
    """Return a change that has not begun: first the canary alone, then `batch` servers at a time.

    Raises: UsageError where the canary is not one of the servers, or batch is below 1.
    """
    if batch < 1:
        raise UsageError("--batch must be 1 or more")
    names = [server.name for server in servers]
    if canary is not None and canary not in names:
        raise UsageError(f"--canary {canary} is not one of the servers: {', '.join(names)}")
    first = [] if canary is None else [(canary,)]
    others = [name for name in names if name != canary]
    groups = [*first, *(tuple(others[at : at + batch]) for at in range(0, len(others), batch))]
    return Rollout(
        time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()),
        now(),
        tuple(change),
        tuple(tuple(map(WaveServer, group)) for group in groups),
    )


class RolloutFile:
    """Where a change is written down. Methods raise StateError."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def new(cls, state_dir: Path, rollout: Rollout) -> RolloutFile:
        """Write down a new change."""
        file = cls(state_dir / DIRECTORY / f"{rollout.id}.json")
        try:
            make_directory(file.path.parent)
        except OSError as problem:
            raise _failed(file.path, problem) from None
        file.write(rollout)
        return file

    @classmethod
    def last(cls, state_dir: Path) -> RolloutFile | None:
        """Return the newest change; None where there was none."""
        directory = state_dir / DIRECTORY
        if not directory.is_dir():
            return None
        names = sorted(path.name for path in directory.iterdir() if _ID.fullmatch(path.name))
        return cls(directory / names[-1]) if names else None

    def read(self) -> Rollout:
        try:
            return from_json(Rollout, parse_json(read_regular(self.path, _MOST_BYTES)))
        except OSError as problem:
            raise _failed(self.path, problem) from None
        except JsonError as problem:
            raise StateError(f"is not a change that goes out: {problem}", file=self.path) from None

    def write(self, rollout: Rollout) -> None:
        try:
            write_whole(self.path, json.dumps(as_json(rollout)).encode())
        except OSError as problem:
            raise _failed(self.path, problem) from None


def _failed(path: Path, problem: OSError) -> StateError:
    return StateError(f"cannot be used: {problem.strerror or problem}", file=path)


def failed(server: WaveServer, problem: RemoteError) -> WaveServer:
    """Return a server that failed for that reason."""
    return replace(server, state=WaveState.FAILED, why=problem.message)
