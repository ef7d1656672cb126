"""What was found out about the jobs of one piece of content, written down for the next run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from ... import __version__
from ...diagnosis import Diagnosis
from ...frozen import frozen
from ...json_values import JsonError, as_json, from_json, parse_json
from .cache import Cache
from .model import JobError, RemoteContent, RemoteJob


@frozen
class Judged:
    """What the log of a job shows. has_error: whether Connect was asked for its own error code."""

    diagnosis: Diagnosis
    error: JobError | None = None
    has_error: bool = False


@frozen
class JobNotes:
    """The jobs of content as they were last listed, and what was found in the logs of some.

    version: of pysteward: newer rules may find more in the same log.
    bundle, deployed: of the content at that time.
    asked: when the jobs were listed, seconds since 1970; 0 for never, or for another bundle.
    judged: by the key of a job; it never changes, because a job that is over never does.
    """

    version: str
    bundle: str | None
    deployed: float | None
    asked: float = 0.0
    jobs: tuple[RemoteJob, ...] = ()
    judged: Mapping[str, Judged] = field(default_factory=dict[str, Judged])

    @classmethod
    def load(cls, cache: Cache, content: RemoteContent) -> JobNotes:
        """Return what was written down; a note that is damaged, or of another version, is an empty
        one."""
        empty = cls(__version__, content.bundle, content.deployed)
        data = cache.note(content.guid)
        if data is None:
            return empty
        try:
            notes = from_json(cls, parse_json(data))
        except JsonError:
            return empty
        if notes.version != __version__:
            return empty
        is_same = (notes.bundle, notes.deployed) == (content.bundle, content.deployed)
        asked = notes.asked if is_same else 0.0
        return replace(notes, bundle=content.bundle, deployed=content.deployed, asked=asked)

    def with_jobs(self, jobs: Sequence[RemoteJob], asked: float) -> JobNotes:
        """With a new list; what is known of jobs that are gone goes, too."""
        keys = {job.key for job in jobs}
        judged = {key: value for key, value in self.judged.items() if key in keys}
        return replace(self, jobs=tuple(jobs), asked=float(asked), judged=judged)

    def with_judged(self, key: str, judged: Judged) -> JobNotes:
        return replace(self, judged={**self.judged, key: judged})

    def keep(self, cache: Cache, content: RemoteContent) -> None:
        """Write it down. Raises RemoteError."""
        cache.keep_note(content.guid, json.dumps(as_json(self)).encode())
