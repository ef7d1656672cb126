"""Jobs that ended badly on a Connect server, each diagnosed from its log.

Jobs are listed for one piece of content at a time, so all content is asked, the last deployed
first, and what was read is written down: a log is read once, and a list of jobs again only when the
content changed or an hour has passed. Whether a job failed says its exit code, not its log.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from ...diagnosis import Diagnosis, KnownFacts, diagnose_log
from ...errors import BundleError, RemoteError
from ...frozen import frozen
from ...matching import Candidate, Policy
from . import reading
from .bundles import request_files
from .cache import Cache
from .client import AT_ONCE, ConnectClient
from .job_notes import JobNotes, Judged
from .judging import exit_words, judge_error, judge_request, with_exit_code
from .model import JobError, JobKind, RemoteContent, RemoteJob
from .parallel import in_parallel

MOST_LOGS = 20
"""How many logs of one piece of content are read in one run; the newest ones."""

_QUOTED = 300  # characters of a line of a log in a sentence

KEPT_SECONDS = 3600
"""How long the list of the jobs of unchanged content is not asked for again."""


@frozen
class Failure:
    """A job that ended badly, or content that never got an environment.

    job: None for the latter. when: seconds since 1970. error: what Connect itself says.
    solved: whether a later job of the same kind ended well.
    """

    content: RemoteContent
    kind: JobKind
    when: float | None
    job: RemoteJob | None
    diagnosis: Diagnosis
    solved: bool
    error: JobError | None = None

    @property
    def code(self) -> str:
        """The code of its cause; ``unknown`` where nothing was found."""
        cause = self.diagnosis.cause
        return cause.code if cause is not None else "unknown"

    @property
    def cause(self) -> str:
        """One sentence."""
        found = self.diagnosis.cause
        if found is not None and found.code != "unknown":
            return found.cause
        if self.error is not None:
            return f"Connect says: {self.error.summary or 'an error'} (code {self.error.code})."
        if found is not None and found.evidence:
            return f"No rule explains it; its log says: {found.evidence[-1].text.strip()[:_QUOTED]}"
        if self.job is not None and self.job.exit_code is not None:
            return f"Its log does not say why it ended with {exit_words(self.job.exit_code)}."
        return "Its log does not say why."


@frozen
class ContentFailures:
    """The failures of one piece of content, newest first.

    asked: when its jobs were listed, seconds since 1970. is_kept: whether an earlier run did.
    unread: how many failures have logs that were not read.
    older: how many ended before the time that was asked for.
    problem: why its jobs could not be read; None where they were.
    """

    content: RemoteContent
    failures: tuple[Failure, ...] = ()
    asked: float = 0
    is_kept: bool = False
    unread: int = 0
    older: int = 0
    problem: str | None = None


class FailureReader:
    """Reads the failures of one server.

    policy: the server's matching policy, as far as known. now: the time, seconds since 1970.
    """

    def __init__(
        self,
        client: ConnectClient,
        cache: Cache,
        policy: Policy,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._cache = cache
        self._policy = policy
        self._now = now

    def read(
        self, content: Iterable[RemoteContent], *, since: float = 0, refresh: bool = False
    ) -> Generator[ContentFailures]:
        """Yield what is known of each piece of content, as it becomes known.

        since: leave out what ended before, in seconds since 1970. refresh: ask for all jobs again.
        The first piece is read alone, so that its failure is there after two requests. Connect's
        own error codes are not asked for here: see `with_errors`.
        """
        ordered = iter(self._in_order(content))

        def read(item: RemoteContent) -> ContentFailures:
            return self.read_one(item, since=since, refresh=refresh)

        for several, items in ((1, [next(ordered, None)]), (AT_ONCE, ordered)):
            wanted = (item for item in items if item is not None)
            for item, found in in_parallel(read, wanted, several):
                if isinstance(found, RemoteError):
                    found = ContentFailures(item, problem=found.message)
                yield found

    def read_one(
        self, content: RemoteContent, *, since: float = 0, refresh: bool = False
    ) -> ContentFailures:
        """Return the failures of one piece of content. Raises RemoteError."""
        notes = JobNotes.load(self._cache, content)
        is_kept = notes.asked > self._now() - KEPT_SECONDS and not refresh
        if not is_kept:
            jobs = reading.read_jobs(self._client, content.guid)
            notes = notes.with_jobs(jobs, self._now())
        all_failed = [job for job in notes.jobs if job.failed]
        failed = [job for job in all_failed if (job.when or since) >= since]
        unread = sum(job.key not in notes.judged for job in failed[MOST_LOGS:])
        for job in failed[:MOST_LOGS]:
            if job.key not in notes.judged:
                notes = notes.with_judged(job.key, self._judge(content, job))
                is_kept = False
        failures = [self._failure(content, notes, job) for job in failed if job.key in notes.judged]
        if not failures and not any(job.kind is JobKind.ENVIRONMENT for job in notes.jobs):
            failures = self._never_built(content, since)
        if not is_kept:
            notes.keep(self._cache, content)
        older = len(all_failed) - len(failed)
        return ContentFailures(content, tuple(failures), notes.asked, is_kept, unread, older)

    def with_errors(self, failures: Sequence[Failure]) -> Generator[Failure]:
        """Yield the failures with what Connect says of each job, in any order."""

        def ask(failure: Failure) -> Failure:
            if failure.job is None or failure.error is not None:
                return failure
            notes = JobNotes.load(self._cache, failure.content)
            judged = notes.judged.get(failure.job.key)
            if judged is not None and judged.has_error:
                return replace(failure, error=judged.error)
            error = reading.read_job_error(self._client, failure.content.guid, failure.job.key)
            if judged is not None:
                told = replace(judged, error=error, has_error=True)
                notes.with_judged(failure.job.key, told).keep(self._cache, failure.content)
            return replace(failure, error=error)

        # Failures of one piece of content share a note, so they are asked one after the other.
        by_content: dict[str, list[Failure]] = {}
        for failure in failures:
            by_content.setdefault(failure.content.guid, []).append(failure)
        for several, told in in_parallel(
            lambda several: [ask(failure) for failure in several], by_content.values(), AT_ONCE
        ):
            yield from several if isinstance(told, RemoteError) else told

    def _in_order(self, content: Iterable[RemoteContent]) -> list[RemoteContent]:
        """Last deployed first; of two deployed at the same time, first what failed before."""
        with_bundle = [item for item in content if item.bundle is not None]
        with_bundle.sort(
            key=lambda item: (item.deployed or 0, self._cache.note(item.guid) is not None),
            reverse=True,
        )
        return with_bundle

    def _judge(self, content: RemoteContent, job: RemoteJob) -> Judged:
        """Return what the log of a job shows."""
        log = reading.read_job_log(self._client, content.guid, job.key)
        known = KnownFacts(python=str(content.python) if content.python else None)
        data = log.encode("utf-8", "replace")
        diagnosis = diagnose_log(data, source=f"job {job.key}", context=known)
        return Judged(with_exit_code(diagnosis, job.exit_code))

    def _failure(self, content: RemoteContent, notes: JobNotes, job: RemoteJob) -> Failure:
        judged = notes.judged[job.key]
        solved = any(
            later.tag == job.tag and later.exit_code == 0 and (later.when or 0) > (job.when or 0)
            for later in notes.jobs
        )
        diagnosis = judged.diagnosis
        if diagnosis.outcome != "failed":  # the exit code knows better
            diagnosis = replace(diagnosis, outcome="failed")
        return Failure(content, job.kind, job.when, job, diagnosis, solved, judged.error)

    def _never_built(self, content: RemoteContent, since: float) -> list[Failure]:
        """Return where a deploy found no Python, the server may have no job at all: the manifest
        says why.

        Content without a cause in its manifest is left out: perhaps it was just never started.
        """
        if content.python is not None or not content.runs_python or content.managed is False:
            return []
        if (content.deployed or since) < since or not self._candidates:
            return []
        try:
            path = request_files(self._client, self._cache, content)
            diagnosis = judge_request(path, self._candidates, self._policy)
        except BundleError as problem:
            diagnosis = judge_error(problem)
        if diagnosis.cause is None:
            return []
        kind = JobKind.ENVIRONMENT
        return [Failure(content, kind, content.deployed, None, diagnosis, solved=False)]

    @cached_property
    def _candidates(self) -> tuple[Candidate, ...]:
        """The server's Pythons; none where the key may not ask for them."""
        try:
            pythons = reading.read_pythons(self._client)
        except RemoteError as problem:
            if not (problem.is_denied or problem.is_absent):
                raise
            return ()
        return tuple(Candidate(version) for version in {python.version: None for python in pythons})


def causes_of(failures: Iterable[Failure]) -> tuple[tuple[str, int], ...]:
    """Return how many failures have each cause, by its code, the most frequent first."""
    return tuple(Counter(failure.code for failure in failures).most_common())


def newest_first(failures: Iterable[Failure]) -> tuple[Failure, ...]:
    return tuple(sorted(failures, key=lambda failure: failure.when or 0, reverse=True))
