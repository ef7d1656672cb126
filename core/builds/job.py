"""The job of a worker: sent through a pipe and never stored, because it may hold passwords."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypeVar

from ..environments import EnvironmentSpec
from ..frozen import frozen
from ..json_values import as_json, from_json, parse_json
from ..running import RunJob
from ..wheels import Links

_END = b"\n"
Job = TypeVar("Job")


@frozen
class BuildJob:
    """One build's work.

    path: where the environment goes. bundle: the kept copy, where something of it is installed.
    package_file: the requirements' name; None without any. texts: it and what it includes, by
        name, without the prohibited packages; bytes as Latin-1 text.
    afresh: make it again even if it is complete. check: the start check of its content.
    secret_names: variables and options whose values are secret, besides those whose names say so.
    on_finish: the command to run at the end.
    lock: the text of the lock that is installed there; None: what the requirements resolve to.
    base: where the identity's first lock lies. refresh: resolve, whatever is there.
    is_locked: nothing may be resolved: where the lock cannot be installed, the build fails.
    is_confined: whether its programs are confined, where that is possible.
    index_options: the lines of the requirements that say where packages come from.
    store: how files of the store of wheels are placed (``wheel-links``); None: it is not used.
    """

    state_dir: Path
    spec: EnvironmentSpec
    path: Path
    bundle: Path | None
    package_file: str | None
    texts: dict[str, str]
    prohibited: tuple[str, ...]
    build_environment: dict[str, str]
    run_as: str | None
    time_limit: float
    places: int
    afresh: bool = False
    check: RunJob | None = None
    secret_names: tuple[str, ...] = ()
    on_finish: tuple[str, ...] = ()
    lock: str | None = None
    base: Path | None = None
    refresh: bool = False
    is_locked: bool = False
    is_confined: bool = True
    index_options: tuple[str, ...] = ()
    store: Links | None = None


def encode_job(job: object) -> bytes:
    """Return a job as one line. job: a frozen value, of whatever worker."""
    return json.dumps(as_json(job)).encode() + _END


def decode_job(kind: type[Job], data: bytes) -> Job | None:
    """Return the job of that line; None where the asking process was killed before its end.

    kind: the class of the job. Raises JsonError.
    """
    return from_json(kind, parse_json(data)) if data.endswith(_END) else None
