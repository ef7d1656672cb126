"""What a key can read on its server, tried out."""

from __future__ import annotations

from collections.abc import Callable, Generator

from ...errors import RemoteError
from ...frozen import frozen
from . import reading
from .client import ConnectClient
from .model import RemoteContent

_NO_ANSWER = frozenset({"remote-unreachable", "remote-tls", "remote-too-slow", "remote-settings"})
"""Codes of errors that every further request would meet, too."""


@frozen
class Access:
    """One thing to read. code: of the error where that failed, else None. said: in words."""

    name: str
    said: str
    code: str | None = None


def try_access(client: ConnectClient) -> Generator[Access]:
    """Yield what can be read, and what cannot, as it is tried."""
    content: tuple[RemoteContent, ...] = ()

    def pythons() -> str:
        return ", ".join(str(python.version) for python in reading.read_pythons(client)) or "none"

    def all_content() -> str:
        nonlocal content
        content = reading.read_content(client)[0]
        return f"{len(content):,} pieces"

    def packages() -> str:
        client.get_json("/v1/packages", page_number=1, page_size=1)
        return "can be read"

    who = _tried("user", lambda: _user(client))
    yield who
    if who.code in _NO_ANSWER:
        return
    yield _tried("release", lambda: reading.read_server_version(client) or "the server hides it")
    yield _tried("Pythons", pythons)
    yield _tried("content", all_content)
    yield _tried("packages", packages)
    sample = next((item for item in content if item.bundle is not None), None)
    if sample is not None:
        guid, of = sample.guid, f"of {sample.label}"
        yield _tried("bundles", lambda: f"{len(reading.read_bundles(client, guid))} {of}")
        yield _tried("download", lambda: _download(client, sample))
        yield _tried("jobs", lambda: f"{len(reading.read_jobs(client, guid))} {of}")
    for path, successor in client.deprecated.items():
        yield Access("outdated", f"this release wants {successor} instead of {path}")


def _user(client: ConnectClient) -> str:
    user = reading.read_user(client)
    return f"{user.name}, {user.role or 'role not known'}"


def _download(client: ConnectClient, content: RemoteContent) -> str:
    assert content.bundle is not None
    if not reading.try_download(client, content.guid, content.bundle):
        return f"the bundle of {content.label} is empty"
    return f"the bundle of {content.label} can be read"


def _tried(name: str, read: Callable[[], str]) -> Access:
    try:
        return Access(name, read())
    except RemoteError as problem:
        if problem.is_absent:
            return Access(name, "this release does not offer it", problem.code)
        return Access(name, problem.message, problem.code)
