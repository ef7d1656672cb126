"""What the worker is given to do: by a pipe and never by a file, for it may hold passwords."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from ..environments import EnvironmentSpec
from ..frozen import frozen
from ..versions import PythonVersion

_END = b"\n"


@frozen
class BuildJob:
    """One build's work.

    path: where the environment goes. bundle: the kept copy, where something of it is installed.
    package_file: the requirements' name; None without any. texts: it and what it includes, by
        name, without the prohibited packages; bytes as Latin-1 text.
    afresh: make it again even if it is complete.
    secret_names: variables and options whose values are secret, besides those whose names say so.
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
    secret_names: tuple[str, ...] = ()


def encode_job(job: BuildJob) -> bytes:
    """The job as one line."""
    document = asdict(job) | {
        "state_dir": str(job.state_dir),
        "path": str(job.path),
        "bundle": None if job.bundle is None else str(job.bundle),
        "spec": asdict(job.spec) | {"version": str(job.spec.version)},
    }
    return json.dumps(document).encode() + _END


def decode_job(data: bytes) -> BuildJob | None:
    """The job of that line; None where its writer was killed before the end."""
    if not data.endswith(_END):
        return None
    document = json.loads(data)
    spec = document["spec"]
    files = tuple((str(name), str(digest)) for name, digest in spec["files"])
    version = PythonVersion.parse(spec["version"])
    return BuildJob(
        **document
        | {
            "state_dir": Path(document["state_dir"]),
            "path": Path(document["path"]),
            "bundle": None if document["bundle"] is None else Path(document["bundle"]),
            "prohibited": tuple(document["prohibited"]),
            "secret_names": tuple(document["secret_names"]),
            "spec": EnvironmentSpec(**spec | {"version": version, "files": files}),
        }
    )
