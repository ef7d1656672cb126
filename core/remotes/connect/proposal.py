"""What would move on a Connect server if its Pythons changed.

The list of content says which Python each piece has. Only where that would be gone does it matter
what the content asks for, which its bundle tells; those bundles are read, and no others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping
from pathlib import Path

from ...bundles import open_bundle, request_of
from ...errors import BundleError, RemoteError
from ...frozen import frozen
from ...matching import Candidate, Matcher, Request
from ...upgrades import Subject, UpgradeSimulation, simulate
from ...versions import PythonVersion
from .bundles import request_files
from .cache import Cache
from .client import AT_ONCE, ConnectClient
from .model import Inventory, RemoteContent
from .parallel import in_parallel


@frozen
class RemoteRequest:
    """What content asks for, as its bundle says. path: of the archive that says it."""

    request: Request
    path: Path


Requests = Mapping[str, RemoteRequest]
"""By the GUID of content."""


@frozen
class RemoteSimulation:
    """A change on a Connect server.

    content: the content of each subject, by the subject's name.
    unread: why the bundle of content could not be read, by the subject's name; for such content the
        Python that it has stands for what it asks for.
    assumed: the names of the subjects whose request is not known: they keep their Python.
    """

    simulation: UpgradeSimulation
    content: Mapping[str, RemoteContent]
    bundles: Mapping[str, Callable[[], Path | None]]
    unread: Mapping[str, str]
    assumed: frozenset[str]


def affected(inventory: Inventory, after: Iterable[Candidate]) -> tuple[RemoteContent, ...]:
    """Return the content whose Python would not be there, or that has none yet; last deployed
    first."""
    left = {candidate.version for candidate in after if candidate.unusable is None}
    found = [
        item
        for item in inventory.content
        if item.bundle is not None and _is_affected(inventory.python_of(item), item, left)
    ]
    return tuple(sorted(found, key=lambda item: item.deployed or 0, reverse=True))


def _is_affected(
    python: PythonVersion | None, content: RemoteContent, left: set[PythonVersion | None]
) -> bool:
    return content.runs_python if python is None else python not in left


def read_requests(
    client: ConnectClient, cache: Cache, content: Iterable[RemoteContent]
) -> Generator[tuple[RemoteContent, RemoteRequest | str]]:
    """Yield what each piece of content asks for, or why that is not known, as it is read.

    It may be stopped and called again: what was read is kept.
    """

    def read(item: RemoteContent) -> RemoteRequest | str:
        try:
            path = request_files(client, cache, item)
            return RemoteRequest(request_of(open_bundle(path)), path)
        except BundleError as problem:
            return problem.message

    for item, found in in_parallel(read, content, AT_ONCE):
        yield item, found.message if isinstance(found, RemoteError) else found


def simulate_change(
    inventory: Inventory,
    before: Matcher,
    after: Matcher,
    requests: Requests,
    unread: Mapping[str, str] | None = None,
) -> RemoteSimulation:
    """Take all content with a Python, and all that asks for one, through the change.

    requests, unread: what is known of bundles, by the content's GUID.
    """
    names = subject_names(inventory.content)
    # One object for each version: the simulation decides once for all content that shares it.
    kept: dict[PythonVersion, Candidate] = {}
    subjects: list[Subject] = []
    content: dict[str, RemoteContent] = {}
    assumed: set[str] = set()
    for item in inventory.content:
        python = inventory.python_of(item)
        known = requests.get(item.guid)
        if python is None and known is None:
            continue  # without Python, or it is not known what it asks for
        name = names[item.guid]
        if known is None:
            assumed.add(name)
        asked = known.request if known is not None else _as_request(python)
        candidate = None if python is None else kept.setdefault(python, Candidate(python))
        subjects.append(Subject(name, asked, candidate, is_assumed=known is None))
        content[name] = item
    paths = {names[guid]: found.path for guid, found in requests.items() if guid in names}
    return RemoteSimulation(
        simulate(subjects, before, after),
        content,
        {name: lambda path=path: path for name, path in paths.items()},
        {names[guid]: why for guid, why in (unread or {}).items() if guid in names},
        frozenset(assumed),
    )


def subject_names(content: Iterable[RemoteContent]) -> dict[str, str]:
    """Return what each piece of content is called, by its GUID.

    A name that two have gets its GUID.
    """
    listed = list(content)
    counts = Counter(item.name for item in listed)
    return {
        item.guid: item.name
        if item.name and counts[item.name] == 1
        else f"{item.name} {item.guid}".strip()
        for item in listed
    }


def _as_request(python: PythonVersion | None) -> Request:
    assert python is not None
    return Request(str(python), version=python)
