"""A build of a client, made here: in this server's own state directory, by its usual pipeline."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..builds import (
    Build,
    BuildJob,
    BuildResult,
    EnvironmentRef,
    LocalLauncher,
    Record,
    RecordWriter,
    build_from_json,
    completed,
    create_record,
    encode_job,
)
from ..bundles import open_bundle, stored_bundle
from ..content import find_place, record_content
from ..environments import (
    Marker,
    complete,
    interpreter_identity,
    interpreter_of,
    location,
    read_configuration,
)
from ..errors import ClusterError, StewardError
from ..json_values import parse_json
from ..lockfiles import read_lock
from ..state import BundleRow, hold, open_database
from .model import BuildOrder, record_id

if TYPE_CHECKING:
    from ..running import RunJob
    from ..server import Server


def find_record(server: Server, build: str) -> Record | None:
    """Return the record of a client's build here; None where it was not begun."""
    record = Record(server.builds / record_id(build))
    return record if record.is_begun else None


def bundle_of(server: Server, order: BuildOrder) -> Path | None:
    """Return the bundle that an order is about; None where it has not come yet."""
    return stored_bundle(server.state_dir, _digest(order))


def _digest(order: BuildOrder) -> str:
    return _build_of(order, Path()).asked.digest


def _build_of(order: BuildOrder, directory: Path) -> Build:
    """Return the build as the client has recorded it. directory: of the record here."""
    build = build_from_json(parse_json(order.document.encode()), directory)
    if not build.asked.digest.isalnum():
        raise ClusterError("the order names no bundle", code="cluster-order")
    return build


def start_build(server: Server, order: BuildOrder) -> Record:
    """Begin a client's build: reuse an environment of this server, or start a worker of its own.

    The bundle is there. Raises StewardError and OSError.
    """
    server.prepare_state()
    record, lock = create_record(server.builds, record_id(order.build))
    try:
        with LocalLauncher(record, lock) as launcher, _written(record, order) as writer:
            try:
                job, marker = _here(server, order, writer)
            except StewardError as error:
                writer.finish(BuildResult("failed", (f"pysteward: {error}",)))
                return record
            _keep_rows(server, order, writer.build)
            is_wanted = job.afresh or job.refresh or job.check is not None
            if marker is not None and not is_wanted and _reuse(server, writer, job.path):
                return record
            launcher.start()
            launcher.give(encode_job(job))
        return record
    finally:
        os.close(lock)


@contextlib.contextmanager
def _written(record: Record, order: BuildOrder) -> Generator[RecordWriter]:
    """Begin the record with what the client has written so far."""
    build = replace(_build_of(order, record.directory), id=record.id)
    writer = RecordWriter(record, build)
    try:
        writer.log(order.preface)
        yield writer
    finally:
        writer.close()


def _here(
    server: Server, order: BuildOrder, writer: RecordWriter
) -> tuple[BuildJob, Marker | None]:
    """Return the job as this server does it, and the marker of the environment where it is there.

    What is the server's own: directories, users, places, confinement, and how pip gets its packages
    (build-environment, configuration files).
    """
    settings, job = server.settings, order.job
    python = writer.build.python
    if python is None or not os.access(python.executable, os.X_OK):
        raise ClusterError(f"this server has no {job.spec.executable}", code="cluster-order")
    spec = replace(
        job.spec,
        interpreter=interpreter_identity(job.spec.executable),
        configuration=read_configuration(settings.build_environment).digest,
    )
    base = location(server.state_dir, spec)
    path, marker = base, None
    lock = None if job.lock is None else read_lock(job.lock)
    with open_database(server.state_dir) as store:
        if not job.refresh:
            path, marker = find_place(base, lock, store, writer.build.content)
    bundle = bundle_of(server, order)
    assert bundle is not None
    writer.update(environment=EnvironmentRef(path.name, str(path)))
    writer.save()
    here = replace(
        job,
        state_dir=server.state_dir,
        spec=spec,
        path=path,
        base=base,
        bundle=bundle if job.bundle is not None else None,
        build_environment=dict(settings.build_environment),
        run_as=server.run_as,
        places=settings.parallel_builds,
        on_finish=(),
        check=None if job.check is None else _check_here(job.check, server, bundle, path),
        secret_names=(*job.secret_names, *settings.secret_variables),
        is_confined=settings.confinement != "off",
    )
    return here, marker


def _check_here(check: RunJob, server: Server, bundle: Path, path: Path) -> RunJob:
    return replace(
        check,
        state_dir=server.state_dir,
        bundle=bundle,
        environment=path,
        python=interpreter_of(path),
        run_as=server.run_as,
    )


def _keep_rows(server: Server, order: BuildOrder, build: Build) -> None:
    """Have this server know the content, so that it is found and rebuilt here, too."""
    row = BundleRow(build.asked.digest, order.bundle_name, order.bundle_size, build.started)
    with open_database(server.state_dir) as store, store.change():
        record_content(store, row, build)


def _reuse(server: Server, writer: RecordWriter, path: Path) -> bool:
    """End the build with the environment that is there; return whether it still is."""
    with hold(path, shared=True, wait=False) as is_held:
        marker = complete(path) if is_held else None
        if marker is None:
            return False
        writer.log(f"Using cached environment: {marker.identity}\n")
        result = BuildResult(
            "succeeded",
            completed(writer.build, marker.packages),
            reused=True,
            packages=marker.packages,
            installer=marker.installer,
        )
        with open_database(server.state_dir) as store:
            writer.finish(result, database=store)
    return True


def receive_bundle(server: Server, order: BuildOrder, received: Path) -> None:
    """Store a bundle that has come from the client, if it is the one that was asked for.

    received: a file beside the stored ones, which this consumes.
    Raises: ClusterError (``cluster-bundle``), BundleError.
    """
    opened = open_bundle(received)
    if opened.digest != _digest(order):
        raise ClusterError("the bundle that was sent is another one", code="cluster-bundle")
    os.chmod(received, 0o640)
    os.replace(received, received.with_name(f"{opened.digest}{order.suffix}"))
