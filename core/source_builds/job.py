"""What the worker is given to do: by a pipe and never by a file, for it may hold passwords."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from ..frozen import frozen

_END = b"\n"


@frozen
class PythonJob:
    """One installation of a Python from its source.

    version: of the source, whose digest is that of the archive. keeps_prefix: whether the prefix
    was there before. owner: the number of the user who is to own what is installed.
    jobs: how many compilers run at once. openssl: the prefix of another OpenSSL than the system's.
    creator: who makes environments; it decides what makes the installation usable.
    """

    state_dir: str
    source: str
    digest: str
    version: str
    prefix: str
    keeps_prefix: bool
    owner: int
    jobs: int
    optimised: bool
    openssl: str | None
    creator: str
    build_environment: dict[str, str]
    run_as: str | None
    time_limit: float
    places: int


def encode_job(job: PythonJob) -> bytes:
    """The job as one line."""
    return json.dumps(asdict(job)).encode() + _END


def decode_job(data: bytes) -> PythonJob | None:
    """The job of that line; None where its writer was killed before the end."""
    if not data.endswith(_END):
        return None
    document: dict[str, Any] = json.loads(data)
    return PythonJob(**document)
