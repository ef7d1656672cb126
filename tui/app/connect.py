"""The backend of a Connect server: what the interface shows of it, and nothing that changes it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from ...core.bundles import open_bundle, request_of
from ...core.content import ContentStatus, RebuildReason, RollbackTarget, Urgency
from ...core.errors import (
    BundleError,
    RemoteError,
    StewardError,
    UsageError,
)
from ...core.installations import Analysis
from ...core.matching import Matcher, SetEntry, parse_request
from ...core.remotes.connect import (
    ConnectSession,
    ContentFailures,
    FailureReader,
    Inventory,
    RemoteRequest,
    content_by_name,
    contents_of,
    examine_content,
    installations_of,
    read_inventory,
    read_log,
    read_requests,
    request_files,
    subjects_of,
    usage_of,
)
from ...core.services import BuildService, ContentService, DiagnosisService, UpgradeService
from ...core.upgrades import supposed
from .read_only import ReadOnlyBackend
from .session import Session

if TYPE_CHECKING:
    from ...core.builds import BuildEntry, Content
    from ...core.bundles import Bundle
    from ...core.installations import Installation
    from ...core.server import Server
    from ...core.services import (
        DiagnosisInput,
        Examination,
        OnResult,
    )
    from ...core.upgrades import Bundles, Prediction, Subject

_WHY_NOT = "this is a Connect server, which is only read"


class ConnectSource:
    """One Connect server, read when it is first asked for, and again on demand; thread-safe."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.session = ConnectSession(name)
        self._lock = Lock()
        self._inventory: Inventory | None = None
        self._requests: dict[str, RemoteRequest] = {}

    def inventory(self, *, fresh: bool = False) -> Inventory:
        """Pythons and content. Raises RemoteError."""
        with self._lock:
            if self._inventory is None or fresh:
                self._inventory = read_inventory(self.session.client)
            return self._inventory

    def requests(self) -> Mapping[str, RemoteRequest]:
        """What content asks for, by its GUID, as far as its bundle was read before."""
        for item in self.inventory().content:
            kept = self.session.cache.bundle(item.bundle) if item.bundle is not None else None
            if kept is None or item.guid in self._requests:
                continue
            try:
                found = RemoteRequest(request_of(open_bundle(kept)), kept)
            except BundleError:
                continue
            self._requests[item.guid] = found
        return self._requests

    def bundle(self, name: str) -> Path:
        """The request files of content. Raises RemoteError, BundleError."""
        item = content_by_name(self.inventory()).get(name)
        if item is None:
            raise RemoteError(f"no content is called {name!r}", code="remote-not-found")
        return request_files(self.session.client, self.session.cache, item)


class ConnectBackend(ReadOnlyBackend):
    """What the app is opened on. Raises what `ConnectSession` raises.

    here: this server, whose pip and index a preflight asks.
    """

    why_read_only: str | None = _WHY_NOT

    def __init__(self, name: str, here: Server) -> None:
        self._source = ConnectSource(name)
        self._diagnosis = ConnectDiagnosis(self._source, here)
        self._content = ConnectContent(self._source, here)
        self._builds = ConnectBuilds(here)
        self.upgrades = ConnectUpgrades(self._source, here)

    @property
    def content(self) -> ContentService:
        return self._content

    @property
    def builds(self) -> BuildService:
        return self._builds

    @property
    def diagnosis(self) -> DiagnosisService:
        return self._diagnosis

    def opening(self) -> Session:
        session = self._source.session
        return Session(
            host=self._source.name,
            user="connect",
            settings_label=session.server.url,
            policy=session.policy.value,
            kind="Connect",
        )

    def analyze(self, on_result: OnResult, *, fresh: bool) -> Analysis:
        """Read the server; nothing is run."""
        inventory = self._source.inventory(fresh=fresh)
        log = [f"{len(inventory.content):,} pieces of content", *inventory.missing]
        if self._source.session.policy_is_assumed:
            log.append(f"the policy is not known: {self._source.session.policy.value} is assumed")
        return Analysis(installations_of(inventory, self._source.name), tuple(log))

    def usage(self) -> dict[str, int]:
        return usage_of(self._source.inventory(), self._source.name)

    def reread(self) -> Session:
        self._source.inventory(fresh=True)
        return self.opening()


class ConnectBuilds(BuildService):
    """A Connect server has no builds here."""

    def stamp(self) -> object:
        return None

    def list(self) -> tuple[BuildEntry, ...]:
        return ()


class ConnectContent(ContentService):
    """The content of a Connect server."""

    def __init__(self, source: ConnectSource, here: Server) -> None:
        super().__init__(here)
        self._source = source

    def list(self, installations: Sequence[Installation] | None) -> tuple[ContentStatus, ...]:
        source = self._source
        inventory = source.inventory()
        there = {str(python.version) for python in inventory.pythons}
        matcher = Matcher(inventory.candidates(for_new_content=True), source.session.policy)
        return tuple(
            _status(content, there, matcher)
            for content in contents_of(inventory, source.requests(), source.name)
        )

    def bundle(self, name: str) -> Bundle:
        return open_bundle(self._source.bundle(name))


class ConnectDiagnosis(DiagnosisService):
    """Why content of a Connect server failed."""

    def __init__(self, source: ConnectSource, here: Server) -> None:
        super().__init__(here)
        self._source = source
        self._logs = tempfile.TemporaryDirectory(prefix="pysteward-")

    def failures(self) -> Generator[ContentFailures]:
        """Yield the failed jobs of the server, as they are read."""
        session = self._source.session
        reader = FailureReader(session.client, session.cache, session.policy)
        yield from reader.read(self._source.inventory().content)

    def examine(self, subject: DiagnosisInput) -> Examination:
        """Diagnose content by its GUID, name or address; a file is diagnosed as anywhere."""
        if subject.build is None:
            return super().examine(subject)
        from ...core.services import Examination

        session = self._source.session
        found = examine_content(session.client, session.cache, session.policy, subject.build)
        logs: dict[str, Path] = {}
        job = found.failure.job if found.failure is not None else None
        if job is not None:
            path = Path(self._logs.name) / f"{job.key}.log"
            text = read_log(session.client, found.content, job)
            path.write_text(text, encoding="utf-8", errors="replace")
            logs[f"job {job.key}"] = path
        return Examination(found.content.label, found.diagnosis, logs)


class ConnectUpgrades(UpgradeService):
    """What a change would do on a Connect server; it can be tried out, not made."""

    def __init__(self, source: ConnectSource, here: Server) -> None:
        super().__init__(here)
        self._source = source

    def subjects(self) -> tuple[tuple[Subject, ...], Bundles]:
        source = self._source
        inventory = source.inventory()
        subjects = subjects_of(inventory, source.requests(), source.name)
        return subjects, {subject.name: self._finder(subject.name) for subject in subjects}

    def found(self, texts: Sequence[str]) -> tuple[SetEntry, ...]:
        if any("/" in text for text in texts):
            raise UsageError("a path is of this server: write versions for a Connect server")
        return supposed(texts)

    def read_requests(self, names: Sequence[str]) -> Iterator[str]:
        source = self._source
        by_name = content_by_name(source.inventory())
        items = [by_name[name] for name in names if name in by_name]
        called = {item.guid: name for name, item in by_name.items()}
        session = source.session
        for item, found in read_requests(session.client, session.cache, items):
            if isinstance(found, RemoteRequest):
                yield called[item.guid]

    def predictions(self) -> tuple[Prediction, ...]:
        return ()

    def _finder(self, name: str) -> Callable[[], Path | None]:
        def find() -> Path | None:
            try:
                return self._source.bundle(name)
            except RemoteError:
                return None

        return find


def _status(content: Content, there: set[str], matcher: Matcher) -> ContentStatus:
    """What is worth knowing about content: that its Python is gone, what a new deploy would get."""
    need: RebuildReason | None = None
    if content.python is None:
        need = RebuildReason(Urgency.NEW, "it never got a Python")
    elif content.python.version not in there:
        why = f"Python {content.python.version} is not on the server any more"
        need = RebuildReason(Urgency.RETIRED, why)
    no_way_back = RollbackTarget(why_not=_WHY_NOT)
    try:
        decision = matcher.decide(parse_request(content.request))
    except StewardError:
        return ContentStatus(content, need=need, rollback=no_way_back)
    would_get = decision if decision.selected is None else None
    return ContentStatus(content, need=need, would_get=would_get, rollback=no_way_back)
