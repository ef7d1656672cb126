"""What travels through a cluster: what a worker announces, and what is to be built."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from ..builds import BuildJob
from ..frozen import frozen
from ..installations import Installation


@frozen
class Announcement:
    """One worker.

    name: of its server; unique in a cluster. version: of pysteward there. platform: as
    `platform_name` says. places: how many builds at once.
    installations: as analyzed there. state_dir: where its environments lie.
    """

    name: str
    version: str
    platform: str
    places: int
    state_dir: str
    installations: tuple[Installation, ...]

    @property
    def resources(self) -> dict[str, float]:
        """What dask counts: places, and a name for each usable Python and for the server."""
        names = [
            python_resource(str(each.version), each.executable, self.platform)
            for each in self.installations
            if each.usable and each.executable is not None
        ]
        return dict.fromkeys((PLACE, server_resource(self.name), *names), float(self.places))


PLACE = "place"


def python_resource(version: str, executable: str, platform: str) -> str:
    """Return the name of exactly one Python: its version, its path, and the platform."""
    return f"python {version} {executable} {platform}"


def server_resource(name: str) -> str:
    return f"server {name}"


@frozen
class BuildOrder:
    """One build, as it is sent.

    build: the id of its record at the client. document: of that record, as JSON. preface: its log.
    job: as for a build at the client; places and paths become the worker's own.
    bundle_name, bundle_size, suffix: of the stored bundle, whose digest the document names.
    topic: where the worker says that it has taken it.
    """

    build: str
    document: str
    preface: str
    job: BuildJob
    bundle_name: str
    bundle_size: int
    suffix: str
    topic: str


def record_id(build: str) -> str:
    """Return the id of the record at a worker, from that at the client.

    The same time, and the same each time: so a build that is handed over again is found, and both
    records may lie in one state directory.
    """
    return f"{build[:-4]}{hashlib.sha256(build.encode()).hexdigest()[:4]}"


def known_installations(workers: Iterable[Announcement]) -> tuple[Installation, ...]:
    """Return what the workers announce together; of several with one path and version the first
    that is usable."""
    found: dict[tuple[str, str], Installation] = {}
    for worker in workers:
        for each in worker.installations:
            key = (each.executable or each.path, str(each.version))
            if key not in found or (each.usable and not found[key].usable):
                found[key] = each
    return tuple(found.values())


def resource_for(
    version: str, executable: str, here: str, workers: Iterable[Announcement]
) -> str | None:
    """Return the name of a Python that some worker has; None where none has.

    here: the platform that is preferred where several have it.
    """
    platforms = {
        worker.platform
        for worker in workers
        if python_resource(version, executable, worker.platform) in worker.resources
    }
    if not platforms:
        return None
    return python_resource(version, executable, here if here in platforms else min(platforms))
