"""What the client is asked for: one function for each question to a Connect server.

Source: Posit Connect's public API, releases 2023.09 to 2026.08. Where a release lacks a request or
the key may not make it, RemoteError says so (`is_absent`, `is_denied`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO, TypeVar

from ...errors import RemoteError
from ...versions import PythonVersion
from . import answers
from .answers import Fields
from .client import AT_ONCE, ConnectClient
from .model import (
    Inventory,
    JobError,
    Lock,
    RemoteBundle,
    RemoteContent,
    RemoteJob,
    RemotePackage,
    RemotePython,
    RemoteUser,
)
from .parallel import in_parallel

T = TypeVar("T")

PAGE_OF_PACKAGES = 100_000
"""The largest page of packages that Connect gives."""

_PAGE = 500  # the largest page of everything else
_MOST_PAGES = 2000
_MOST_BUNDLE_BYTES = 4 * 1024**3
_LOG_LINES = 5000  # what Connect keeps of a log by default

Progress = Callable[[str], object]
"""Is told, in words, what was read and what is still to come."""

_PYTHONS_MISSING = "the server's Pythons are not known, so nothing can be matched"
_PACKAGES_MISSING = (
    "installed packages are not known, so content whose Python the list does not name has none here"
)


def read_user(client: ConnectClient) -> RemoteUser:
    """Whom the key belongs to. Raises RemoteError."""
    path = "/v1/user"
    fields = answers.one_object(client.get_json(path), path)
    return RemoteUser(answers.text(fields, "username"), answers.text(fields, "user_role"))


def read_server_version(client: ConnectClient) -> str | None:
    """Return the release, such as ``2024.11.0``; None where the server hides it. Raises
    RemoteError."""
    path = "/server_settings"
    fields = answers.one_object(client.get_json(path), path)
    return answers.text(fields, "version") or None


def read_pythons(client: ConnectClient) -> tuple[RemotePython, ...]:
    """Return the Pythons of the server, in its order. Raises RemoteError; viewers may not ask."""
    path = "/v1/server_settings/python"
    listed = answers.one_object(client.get_json(path), path).get("installations")
    return answers.each(answers.objects(listed or [], path), _python)[0]


def read_content(client: ConnectClient) -> tuple[tuple[RemoteContent, ...], int]:
    """Return all content that the key may see, and how many entries could not be read.

    Raises RemoteError.
    """
    path = "/v1/content"
    return answers.each(answers.objects(client.get_json(path, include="owner"), path), _content)


def read_inventory(client: ConnectClient, progress: Progress = lambda _: None) -> Inventory:
    """Return the first answer: three requests, made at the same time.

    What the key may not read, or the release does not offer, is said in the answer; only the list
    of content must be there. Raises RemoteError.
    """
    pool = ThreadPoolExecutor(3, thread_name_prefix="inventory")
    try:
        listing = pool.submit(read_content, client)
        asked_pythons = pool.submit(read_pythons, client)
        asked_packages = pool.submit(_read_pythons_in_use, client, progress)
        missing: list[str] = []
        content, unreadable = listing.result()
        progress(f"{len(content):,} pieces of content")
        if unreadable:
            missing.append(f"{unreadable:,} entries of the list of content could not be read")
        pythons = _or_missing(asked_pythons, _PYTHONS_MISSING, missing) or ()
        in_use = _or_missing(asked_packages, _PACKAGES_MISSING, missing)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    known, count = in_use or (None, 0)
    return Inventory(pythons, content, known, count, tuple(missing))


def read_packages(client: ConnectClient, guid: str) -> tuple[RemotePackage, ...]:
    """Return the Python packages in the environment of one piece of content, by name.

    Raises RemoteError.
    """
    path = f"/v1/content/{guid}/packages"
    found = answers.each(answers.objects(client.get_json(path), path), _package)[0]
    return tuple(sorted(found))


def read_bundles(client: ConnectClient, guid: str) -> tuple[RemoteBundle, ...]:
    """Return the bundles of content, as the server orders them. Raises RemoteError."""
    path = f"/v1/content/{guid}/bundles"
    found = client.get_json(path, page_size=_PAGE)
    if answers.is_paged(found):  # since the newest release
        entries = [entry for page in _pages(client, path, _PAGE, found) for entry in page]
    else:
        entries = answers.objects(found, path)
    return answers.each(entries, _bundle)[0]


def download_bundle(client: ConnectClient, guid: str, bundle: str, file: BinaryIO) -> int:
    """Write the archive of a bundle to a file. Returns its size. Raises RemoteError, OSError."""
    path = f"/v1/content/{guid}/bundles/{bundle}/download"
    return client.download(path, file, _MOST_BUNDLE_BYTES)


def try_download(client: ConnectClient, guid: str, bundle: str) -> int:
    """Return how many bytes the first part of a bundle has; the rest is not read.

    Raises RemoteError.
    """
    path = f"/v1/content/{guid}/bundles/{bundle}/download"
    return client.stream(path, _MOST_BUNDLE_BYTES, lambda parts: len(next(parts, b"")))


def read_lock(client: ConnectClient, guid: str) -> Lock | None:
    """Return the lock of the environment of content; None where there is none, or none is offered.

    Raises RemoteError for any other failure.
    """
    path = f"/v1/content/{guid}/lockfile"
    try:
        answer = client.get(path)
    except RemoteError as problem:
        if problem.is_absent or problem.code == "remote-refused":
            return None
        raise
    made_by = answer.headers.get("generated-by", "")
    found = re.search(r"python=([0-9][0-9A-Za-z.]{0,20})", made_by)
    text = answer.body.decode("utf-8", "replace")
    return Lock(text, found[1] if found else None) if text.strip() else None


def read_jobs(client: ConnectClient, guid: str) -> tuple[RemoteJob, ...]:
    """Return the jobs of content, newest first. Raises RemoteError."""
    path = f"/v1/content/{guid}/jobs"
    jobs = answers.each(answers.objects(client.get_json(path), path), _job)[0]
    return tuple(sorted(jobs, key=lambda job: job.when or 0, reverse=True))


def read_job_log(client: ConnectClient, guid: str, job: str) -> str:
    """Return the log of a job, lines in order. Raises RemoteError."""
    path = f"/v1/content/{guid}/jobs/{job}/log"
    found = answers.one_object(client.get_json(path, maxLogLines=_LOG_LINES), path)
    lines = [_log_line(entry) for entry in answers.objects(found.get("entries") or [], path)]
    return "\n".join(lines) + "\n" if lines else ""


def read_log(client: ConnectClient, content: RemoteContent, job: RemoteJob) -> str:
    """The log of a job of content. Raises RemoteError."""
    return read_job_log(client, content.guid, job.key)


def read_job_error(client: ConnectClient, guid: str, job: str) -> JobError | None:
    """Connect's own error code for a job; None where there is none, or none is offered.

    Raises RemoteError for any other failure.
    """
    path = f"/v1/content/{guid}/jobs/{job}/error"
    try:
        found = client.get_json(path)
    except RemoteError as problem:
        if problem.is_absent:
            return None
        raise
    if found is None:
        return None
    fields = answers.one_object(found, path)
    code = answers.number(fields, "code")
    return None if code is None else JobError(code, answers.text(fields, "summary"))


def _or_missing(asked: Future[T], means: str, missing: list[str]) -> T | None:
    """Return an answer; where the server does not give it, None, and a sentence that says so."""
    try:
        return asked.result()
    except RemoteError as problem:
        if not (problem.is_absent or problem.is_denied):
            raise
        why = "this release does not list them" if problem.is_absent else "the key may not read it"
        missing.append(f"{means} ({why})")
        return None


def _read_pythons_in_use(
    client: ConnectClient, progress: Progress
) -> tuple[dict[str, PythonVersion], int]:
    """The Python of each piece of content that has packages, and the number of all packages."""
    path = "/v1/packages"
    first = client.get_json(path, page_number=1, page_size=PAGE_OF_PACKAGES)
    pythons: dict[str, PythonVersion] = {}
    count = 0
    last: object = None
    for entries in _pages(client, path, PAGE_OF_PACKAGES, first):
        for entry in entries:
            if entry.get("language") != "python":
                continue
            count += 1
            if entry.get("app_guid") == last:
                continue  # packages of one piece of content stand together
            last = entry.get("app_guid")
            guid, version = (
                answers.guid(entry, "app_guid"),
                answers.python(entry, "language_version"),
            )
            if guid is not None and version is not None:
                pythons[guid] = version
        progress(f"{count:,} packages")
    return pythons, count


def _pages(client: ConnectClient, path: str, size: int, first: object) -> Generator[list[Fields]]:
    """Yield all pages of an answer, beginning with the given one. Raises RemoteError."""
    fields = answers.one_object(first, path)
    entries = answers.objects(fields.get("results"), path)
    yield entries
    total = answers.number(fields, "total") or 0
    if len(entries) >= total or not entries:
        return
    # A server may give smaller pages than it is asked for.
    given = min(size, len(entries))
    pages = -(-total // given)
    if pages > _MOST_PAGES:
        raise RemoteError(
            f"{path}: the server says that it has {total:,} entries, which cannot be",
            code="remote-answer",
        )

    def read(page: int) -> list[Fields]:
        found = client.get_json(path, page_number=page, page_size=given)
        return answers.objects(answers.one_object(found, path).get("results"), path)

    for _, page in in_parallel(read, range(2, pages + 1), AT_ONCE):
        if isinstance(page, RemoteError):
            raise page
        yield page


def _python(fields: Fields) -> RemotePython | None:
    version = answers.python(fields, "version")
    if version is None:
        return None
    return RemotePython(
        version,
        answers.text(fields, "cluster_name"),
        answers.text(fields, "image_name"),
        answers.truth(fields, "publishable"),
    )


def _content(fields: Fields) -> RemoteContent | None:
    guid = answers.guid(fields, "guid")
    if guid is None:
        return None
    return RemoteContent(
        guid=guid,
        name=answers.text(fields, "name"),
        title=answers.text(fields, "title"),
        app_mode=answers.text(fields, "app_mode"),
        bundle=answers.identifier(fields, "bundle_id"),
        python=answers.python(fields, "py_version"),
        managed=answers.truth(fields, "py_environment_management"),
        image=answers.text(fields, "image_name"),
        owner=answers.text(answers.inner(fields, "owner"), "username") or None,
        owner_guid=answers.text(fields, "owner_guid"),
        deployed=answers.moment(fields, "last_deployed_time"),
        dashboard_url=answers.text(fields, "dashboard_url"),
    )


def _package(fields: Fields) -> RemotePackage | None:
    name, version = answers.text(fields, "name"), answers.text(fields, "version")
    if fields.get("language") != "python" or not name:
        return None
    return RemotePackage(name, version, answers.text(fields, "language_version"))


def _bundle(fields: Fields) -> RemoteBundle | None:
    found = answers.identifier(fields, "id")
    if found is None:
        return None
    return RemoteBundle(
        found,
        answers.moment(fields, "created_time"),
        answers.number(fields, "size"),
        answers.truth(fields, "active") or False,
        answers.text(answers.inner(fields, "metadata"), "archive_md5") or None,
    )


def _job(fields: Fields) -> RemoteJob | None:
    key = answers.identifier(fields, "key")
    if key is None:
        return None
    status = answers.number(fields, "status")
    return RemoteJob(
        key=key,
        tag=answers.text(fields, "tag"),
        is_over=status in (1, 2),  # 0 runs, 3 was skipped
        exit_code=answers.number(fields, "exit_code"),
        started=answers.moment(fields, "start_time"),
        ended=answers.moment(fields, "end_time"),
        bundle=answers.identifier(fields, "bundle_id"),
    )


def _log_line(fields: Fields) -> str:
    found = fields.get("data")
    return found if isinstance(found, str) else ""
