"""The rows of the database."""

from __future__ import annotations

from typing import NamedTuple


class ContentRow(NamedTuple):
    """A piece of content.

    bundle: the digest of its newest bundle. request: as written in that bundle.
    python, executable, rule: what was chosen when it was deployed; None where nothing matched.
    environment: the one that its last successful build made or reused; None before the first.
    build: its newest build. created, updated: RFC 3339, UTC.
    previous: the environment before this one, which it can be put back on; None: there is none.
    put_back: when it was put back on an earlier environment; None once it is built again.
    origin, deployed: the path that its newest bundle was deployed from, and when; None: not known.
    """

    name: str
    bundle: str
    request: str
    python: str | None
    executable: str | None
    rule: str | None
    environment: str | None
    build: str
    created: str
    updated: str
    previous: str | None = None
    put_back: str | None = None
    origin: str | None = None
    deployed: str | None = None


class BuildRow(NamedTuple):
    """A build, as far as lists show it; everything else is in its record."""

    id: str
    content: str
    bundle: str
    outcome: str
    reused: bool
    python: str | None
    executable: str | None
    rule: str | None
    environment: str | None
    environment_path: str | None
    started: str
    finished: str | None


class RunRow(NamedTuple):
    """A run of content, or a build that has checked it. starts: None where that was not asked.

    kind: ``check`` or ``render``. environment: the one that content ran in.
    """

    id: str
    content: str
    kind: str
    outcome: str
    starts: str | None
    environment: str | None
    started: str
    finished: str | None


class EnvironmentRow(NamedTuple):
    """An environment that content uses or has used. last_used: the last deploy that took it."""

    id: str
    path: str
    python: str
    executable: str
    installer: str
    created: str
    last_used: str


class BundleRow(NamedTuple):
    """A bundle that is kept. name: as it was called when it arrived; size: bytes as kept."""

    digest: str
    name: str
    size: int
    added: str
