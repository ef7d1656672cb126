"""Ask for a Python from its source: from an archive to a build that a worker has started."""

from __future__ import annotations

import os
from pathlib import Path

from ..builds import (
    Asked,
    Build,
    Record,
    RecordWriter,
    create_record,
    encode_job,
    logout_warning,
    row_of,
    start,
)
from ..distributions import this_distribution
from ..errors import BuildError, StateError
from ..frozen import frozen
from ..removal import remove_tree
from ..server import Server
from ..state import open_database
from ..times import now
from ..users import user_name
from ..versions import unsupported
from .job import PythonJob
from .prefix import check_path, claim, clear
from .recipe import prefix_for
from .source import PythonSource, inspect
from .toolchain import find_missing


@frozen
class PythonOptions:
    """What is wanted besides the source.

    prefix: where to; None: where the guide puts that version. jobs: how many compilers run at once;
    None: one for each processor. optimized: by profile.
    openssl: the prefix of an OpenSSL to compile with. strict: refuse where something is missing.
    """

    prefix: Path | None = None
    jobs: int | None = None
    optimised: bool = False
    openssl: Path | None = None
    strict: bool = False


def build_python(server: Server, archive: Path, wanted: PythonOptions) -> Build:
    """Install a Python from its source archive into a prefix; returns the running build.

    As root with a user to run builds as, nothing of the archive runs as root: that user compiles
    and installs, into a prefix that is his until all is done and then goes, with all that is in it,
    to the owner of the directory around it. So content can never change the Python that it runs on.

    Raises BuildError for an archive that is none, a prefix that cannot be taken, and, if strict,
    for what is missing (``build-dependencies``); StateError where nothing can be written down.
    """
    source = inspect(archive.absolute())
    reason = unsupported(source.version)
    if reason is not None:
        raise BuildError(reason, code="below-minimum", file=archive)
    if wanted.openssl is not None:
        _check_openssl(wanted.openssl)
    notices = _notices(server, source, wanted)
    server.prepare_state()
    check_path(server.builds, "the state directory (--state-dir)")
    try:
        record, lock = create_record(server.builds)
    except OSError as error:
        raise _unwritable(error) from None
    try:
        return _begin(server, source, wanted, record, lock, notices)
    except BaseException:
        remove_tree(record.directory)
        raise
    finally:
        os.close(lock)


def _begin(
    server: Server,
    source: PythonSource,
    wanted: PythonOptions,
    record: Record,
    lock: int,
    notices: list[str],
) -> Build:
    prefix = (wanted.prefix or Path(prefix_for(source.version))).absolute()
    keeps_prefix = claim(prefix, record, source.digest)
    try:
        build = _build(source, prefix, record, notices)
        job = _job(server, source, wanted, prefix, keeps_prefix)
        writer = RecordWriter(record, build)
        try:
            for notice in notices:
                writer.notice(notice)
            writer.log(f"Installing Python {source.version} from {source.path} into {prefix}\n")
        finally:
            writer.close()
        with start(record, lock, f"{__package__}.worker") as give:
            # The worker starts up while the record gets onto the disk.
            record.write(build)
            with open_database(server.state_dir) as store, store.change():
                store.put_build(row_of(build))
            give(encode_job(job))
    except OSError as error:
        clear(prefix, keep=keeps_prefix)
        raise _unwritable(error) from None
    except StateError:
        clear(prefix, keep=keeps_prefix)
        raise
    return build


def _build(source: PythonSource, prefix: Path, record: Record, notices: list[str]) -> Build:
    return Build(
        id=record.id,
        content=f"Python {source.version}",
        outcome="running",
        phase="unpack",
        reused=False,
        python=None,
        environment=None,
        directory=record.directory,
        started=now(),
        finished=None,
        asked=Asked(
            kind="build-python",
            by=user_name(),
            bundle=str(source.path),
            digest=source.digest,
            request=str(source.version),
            matching="",
            creator="",
            installer="",
            prohibited=(),
        ),
        reason=f"to be installed into {prefix}",
        notices=tuple(notices),
    )


def _job(
    server: Server, source: PythonSource, wanted: PythonOptions, prefix: Path, keeps_prefix: bool
) -> PythonJob:
    settings = server.settings
    return PythonJob(
        state_dir=str(server.state_dir),
        source=str(source.path),
        digest=source.digest,
        version=str(source.version),
        prefix=str(prefix),
        keeps_prefix=keeps_prefix,
        owner=prefix.parent.stat().st_uid,
        jobs=wanted.jobs or len(os.sched_getaffinity(0)),
        optimised=wanted.optimised,
        openssl=None if wanted.openssl is None else str(wanted.openssl.absolute()),
        creator=settings.environment_creator,
        build_environment=dict(settings.build_environment),
        run_as=server.run_as,
        time_limit=settings.build_timeout,
        places=settings.parallel_builds,
        secret_names=settings.secret_variables,
        on_finish=settings.on_finish,
    )


def _notices(server: Server, source: PythonSource, wanted: PythonOptions) -> list[str]:
    """Return what may not be as expected. Raises BuildError where that is to be a refusal."""
    openssl = None if wanted.openssl is None else str(wanted.openssl)
    missing = find_missing(
        source.version, openssl=openssl, variables=server.settings.build_environment
    )
    notices = missing.sentences(source.version, this_distribution())
    if wanted.strict and missing.is_grave:
        raise BuildError("; ".join(notices), code="build-dependencies")
    if os.geteuid() == 0 and server.run_as is None:
        notices.append(
            "this compiles as root, so that whatever the source archive runs is root, too: set "
            "run-as to another user"
        )
    ends_at_logout = logout_warning()
    if ends_at_logout is not None:
        notices.append(ends_at_logout)
    return notices


def _check_openssl(directory: Path) -> None:
    check_path(directory.absolute(), "the OpenSSL")
    if not (directory / "include" / "openssl" / "ssl.h").is_file():
        raise BuildError(
            "is no prefix of an OpenSSL: include/openssl/ssl.h is missing",
            code="openssl-missing",
            file=directory,
        )


def _unwritable(error: OSError) -> StateError:
    return StateError(
        f"the state directory cannot be written: {error.strerror}",
        code="state-unwritable",
        file=error.filename,
    )
