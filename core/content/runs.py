"""Run content that is built: a start check, from content to a run that a worker has begun."""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from pathlib import Path

from ..builds import (
    Asked,
    Build,
    Content,
    LocalLauncher,
    Record,
    RecordWriter,
    create_record,
    list_builds,
    list_runs,
    run_row_of,
)
from ..bundles import Manifest, open_bundle, stored_bundle
from ..environments import interpreter_of
from ..errors import BuildError, StateError
from ..file_io import read_regular, replace_file
from ..matching import NO_PYTHON
from ..removal import remove_tree
from ..running import RunJob, RunKind, RunLimits
from ..server import Server
from ..settings import Settings
from ..state import open_database
from ..times import now
from ..users import user_name
from .build_check import RunOptions
from .readiness import check_readiness

_WORKER = "pysteward.core.builds.run_worker"
_LARGEST = 1 << 30  # bytes of a document
_KEPT = 20
"""Finished runs of one content that are kept; older ones go when a new one begins."""


def run_job(
    server: Server,
    manifest: Manifest,
    bundle: Path,
    environment: Path,
    python: Path,
    options: RunOptions | None = None,
    kind: RunKind = "check",
) -> RunJob:
    """Return the job of a run of content.

    environment: its directory, or the installation's where it has none of its own. python: the
    interpreter in it.
    """
    settings, options = server.settings, options or RunOptions()
    build_variables = settings.build_environment
    library_path = {k: v for k, v in build_variables.items() if k == "LD_LIBRARY_PATH"}
    return RunJob(
        kind=kind,
        state_dir=server.state_dir,
        bundle=bundle,
        app_mode=manifest.appmode or "",
        entry=entry_of(manifest),
        environment=environment,
        python=python,
        modules=_modules_of(manifest),
        variables={**settings.check_environment, **(options.variables or {})},
        interpreter_variables=library_path,
        limits=_limits(settings, options),
        has_network=settings.check_network if options.has_network is None else options.has_network,
        run_as=server.run_as,
    )


def entry_of(manifest: Manifest) -> str:
    """Return what content is started from: its entry point, or its document."""
    return manifest.entrypoint or manifest.primary_rmd or manifest.primary_html or ""


def check(server: Server, name: str, options: RunOptions | None = None) -> Build:
    """Start a check of content; returns the run, which goes on by itself.

    Raises StateError (``content-unknown``, ``bundle-gone``), BuildError (``not-built``,
    ``out-of-date``) where content has no environment that can be used.
    """
    return start_run(server, name, "check", options)


def render(server: Server, name: str, options: RunOptions | None = None) -> Build:
    """Start to render the document of content; the file is then the `output` of the run's record.

    It has the network, as on its server. Raises as `check`.
    """
    options = options or RunOptions()
    return start_run(server, name, "render", replace(options, has_network=True))


def write_document(record: Record, target: Path) -> Path:
    """Write the document that a render has made to a file; return the file.

    Raises StateError (``not-rendered``, ``file-unwritable``).
    """
    try:
        data = read_regular(record.output, _LARGEST)
    except OSError:
        raise StateError(
            f"run {record.id} has made no document: see pysteward runs log {record.id}",
            code="not-rendered",
        ) from None
    try:
        replace_file(target, data, mode=0o644)
    except OSError as error:
        raise StateError(
            f"the document cannot be written: {error.strerror}; it is kept in {record.output}",
            code="file-unwritable",
            file=target,
        ) from None
    return target


def start_run(server: Server, name: str, kind: RunKind, options: RunOptions | None = None) -> Build:
    """As `check`, for each kind of run."""
    return _begin(server, runnable(server, name)[0], job_of(server, name, kind, options))


def job_of(server: Server, name: str, kind: RunKind, options: RunOptions | None = None) -> RunJob:
    """Return the job of a run of content that is built. Raises as `check`."""
    content, environment, python = runnable(server, name)
    path = stored_bundle(server.state_dir, _bundle_of(server, content))
    if path is None:
        raise StateError(
            f"the bundle of {name!r} is no longer there: deploy it again",
            code="bundle-gone",
            file=server.bundles,
        )
    bundle = open_bundle(path)
    return run_job(server, bundle.manifest, path, environment, python, options, kind)


def _bundle_of(server: Server, content: Content) -> str:
    """Return the digest of the bundle that content's environment was made for.

    A later bundle may have failed to build.
    """
    environment = content.environment.id if content.environment else None
    for row in list_builds(server.state_dir, content=content.name):
        if row.outcome == "succeeded" and row.environment == environment:
            return row.bundle
    return content.bundle


def runnable(server: Server, name: str) -> tuple[Content, Path, Path]:
    """Return content with its environment's directory and interpreter. Raises as `check`."""
    found = check_readiness(server.state_dir, name, server.analysis().installations)
    content = found.content
    if found.need is not None:
        raise BuildError(
            f"{name!r} has no environment that it can run in: {found.need.why}; run pysteward "
            f"content ensure {name}",
            code="not-built",
        )
    if content.request == NO_PYTHON:
        raise BuildError(f"{name!r} needs no Python: nothing is started", code="not-started")
    if found.path is None:
        raise BuildError(
            f"{name!r} was never built: run pysteward content rebuild {name}", code="not-built"
        )
    python = interpreter_of(found.path)
    if content.environment is None and content.python is not None:
        python = Path(content.python.executable)
    return content, found.path, python


def _begin(server: Server, content: Content, job: RunJob) -> Build:
    from ..builds import encode_job

    server.prepare_state()
    _remove_old(server, content.name)
    try:
        record, lock = create_record(server.runs)
    except OSError as error:
        raise _unwritable(error) from None
    try:
        build = Build(
            id=record.id,
            content=content.name,
            outcome="running",
            phase="check",
            reused=False,
            python=content.python,
            environment=content.environment,
            directory=record.directory,
            started=now(),
            finished=None,
            asked=_asked(content, job),
            reason=f"{job.app_mode or 'content'} started from {job.entry or 'its files'}",
        )
        with LocalLauncher(record, lock, _WORKER) as launcher:
            launcher.start()
            record.write(build)
            RecordWriter(record, build).close()
            with open_database(server.state_dir) as store, store.change():
                store.put_run(run_row_of(build))
            launcher.give(encode_job(job))
    except OSError as error:
        remove_tree(record.directory)
        raise _unwritable(error) from None
    except BaseException:
        if not record.is_begun:
            remove_tree(record.directory)
        raise
    finally:
        os.close(lock)
    return build


def _asked(content: Content, job: RunJob) -> Asked:
    return Asked(
        kind=job.kind,
        by=user_name(),
        bundle=str(job.bundle),
        digest=content.bundle,
        request=content.request,
        matching="",
        creator="",
        installer="",
        prohibited=(),
    )


def _remove_old(server: Server, name: str) -> None:
    """Remove the oldest finished runs of content beyond those that are kept."""
    from ..builds import remove_run

    finished = [
        row
        for row in list_runs(server.state_dir, content=name)
        if row.outcome != "running" and (server.runs / row.id).is_dir()
    ]
    for row in finished[_KEPT:]:
        with contextlib.suppress(StateError):
            remove_run(server.state_dir, row.id)


def _modules_of(manifest: Manifest) -> tuple[str, ...]:
    """Return the modules that a document of R content needs of its Python."""
    uses_jupyter = "jupyter" in manifest.quarto_engines
    return ("nbformat", "nbclient", "ipykernel") if uses_jupyter else ()


def _limits(settings: Settings, options: RunOptions) -> RunLimits:
    limits = RunLimits(settings.check_timeout, settings.check_memory, settings.check_output)
    given = {"timeout": options.timeout, "memory": options.memory, "output": options.output}
    return replace(limits, **{name: value for name, value in given.items() if value is not None})


def _unwritable(error: OSError) -> StateError:
    return StateError(
        f"the state directory cannot be written: {error.strerror}",
        code="state-unwritable",
        file=error.filename,
    )
