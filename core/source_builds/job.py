"""The job of the worker that builds a Python."""

from __future__ import annotations

from ..frozen import frozen


@frozen
class PythonJob:
    """One installation of a Python from its source.

    version: of the source, whose digest is that of the archive. keeps_prefix: whether the prefix
    was there before. owner: the number of the user who is to own what is installed.
    jobs: how many compilers run at once. openssl: the prefix of another OpenSSL than the system's.
    secret_names: as of a BuildJob.
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
    secret_names: tuple[str, ...] = ()
    on_finish: tuple[str, ...] = ()
