"""What was found out about the jobs of one piece of content, written down for the next run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Any, cast

from ... import __version__
from ...diagnosis import Diagnosis, Evidence, Finding, diagnosis_as_json
from ...frozen import frozen
from .cache import Cache
from .model import JobError, RemoteContent, RemoteJob

_SCHEMA = 1


@frozen
class Judged:
    """What the log of a job shows. has_error: whether Connect was asked for its own error code."""

    diagnosis: Diagnosis
    error: JobError | None = None
    has_error: bool = False


@frozen
class JobNotes:
    """The jobs of content as they were last listed, and what was found in the logs of some.

    asked: when they were listed, seconds since 1970; 0 for never, or for another bundle.
    judged: by the key of a job; it never changes, because a job that is over never does.
    """

    content: RemoteContent
    jobs: tuple[RemoteJob, ...] = ()
    asked: float = 0
    judged: Mapping[str, Judged] = field(default_factory=dict[str, Judged])

    @classmethod
    def load(cls, cache: Cache, content: RemoteContent) -> JobNotes:
        """What was written down; a note that is damaged, or of another version, is an empty one."""
        data = cache.note(content.guid)
        if data is None:
            return cls(content)
        try:
            return _decoded(json.loads(data), content)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return cls(content)

    def with_jobs(self, jobs: Sequence[RemoteJob], asked: float) -> JobNotes:
        """With a new list; what is known of jobs that are gone goes, too."""
        keys = {job.key for job in jobs}
        judged = {key: value for key, value in self.judged.items() if key in keys}
        return replace(self, jobs=tuple(jobs), asked=asked, judged=judged)

    def with_judged(self, key: str, judged: Judged) -> JobNotes:
        return replace(self, judged={**self.judged, key: judged})

    def keep(self, cache: Cache) -> None:
        """Write it down. Raises RemoteError."""
        document = {
            "schema": _SCHEMA,
            "version": __version__,
            "bundle": self.content.bundle,
            "deployed": self.content.deployed,
            "asked": self.asked,
            "jobs": self.jobs,
            "judged": {key: _judged_as_json(value) for key, value in self.judged.items()},
        }
        cache.keep_note(self.content.guid, json.dumps(document).encode())


def _judged_as_json(judged: Judged) -> dict[str, object]:
    error = judged.error
    return {
        **diagnosis_as_json(judged.diagnosis),
        "error": None if error is None else [error.code, error.summary],
        "has_error": judged.has_error,
    }


def _decoded(document: Any, content: RemoteContent) -> JobNotes:
    # Newer rules may find more in the same log.
    if document["schema"] != _SCHEMA or document["version"] != __version__:
        return JobNotes(content)
    is_same = (document["bundle"], document["deployed"]) == (content.bundle, content.deployed)
    judged = cast("dict[str, Any]", document["judged"])
    return JobNotes(
        content,
        tuple(RemoteJob(*job) for job in document["jobs"]),
        float(document["asked"]) if is_same else 0,
        {key: _judged(value) for key, value in judged.items()},
    )


def _judged(value: Any) -> Judged:
    error = value["error"]
    findings = tuple(
        Finding(
            found["code"],
            found["role"],
            found["cause"],
            found["remedy"],
            found["author_remedy"],
            tuple(Evidence(**line) for line in found["evidence"]),
        )
        for found in value["findings"]
    )
    return Judged(
        Diagnosis(value["outcome"], findings),
        None if error is None else JobError(*error),
        value["has_error"],
    )
