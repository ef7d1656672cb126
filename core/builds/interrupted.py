"""Find builds whose worker is gone, and write their end into the record and the database."""

from __future__ import annotations

import os
import time
from pathlib import Path

from .. import processes
from ..state import lock_now, open_database
from ..times import now
from .events import Finished
from .model import Build
from .record import Record, remove_work
from .record_writer import RecordWriter, index_build, release_space


def current_build(state_dir: Path, record: Record) -> Build:
    """Return the build as it is now; record and database learn of an interruption.

    Raises StateError.
    """
    build = close_interrupted(record)
    if not build.is_running:
        with open_database(state_dir) as database:
            if build.is_run:
                known = database.runs(run=build.id) if database.writable else ()
                if known and known[0].outcome == "running" and build.finished:
                    index_build(database, build)
                return build
            rows = database.builds(build=build.id) if database.writable else ()
            if rows and rows[0].outcome == "running" and build.finished:
                index_build(database, build)
    return build


def close_interrupted(record: Record) -> Build:
    """Return the build as it is now; where its worker was killed, write that into the record.

    Its remaining processes are killed and its temporary files removed. A user who may only read the
    record gets the same answer. Raises StateError.
    """
    build = record.build()
    if build.outcome != "interrupted" or build.finished:
        return build
    try:
        descriptor = lock_now(record.lock, make=False)
    except OSError:
        return build
    if descriptor is None:
        return build  # another process does this now
    try:
        build = record.read()
        if build.is_running:
            build = _interrupt(record, build)
    except OSError:
        pass  # the disk is full; a later reader tries again
    finally:
        os.close(descriptor)
    return build if not build.is_running else record.build()


def _interrupt(record: Record, build: Build) -> Build:
    processes.end_leftovers(record.id)
    release_space(record)
    remove_work(record)
    writer = RecordWriter(record, build)
    try:
        writer.end_lines()
        writer.log("pysteward: build interrupted: its worker was killed or the machine went down\n")
        writer.update(
            outcome="interrupted", finished=now(), phase=record.last_phase() or build.phase
        )
        writer.save()
        writer.event(Finished(time.time(), writer.offset, "interrupted"))
    finally:
        writer.close()
    return writer.build
