"""The marker: the last file written into an environment, which makes it complete.

Without one, whatever lies there was interrupted and is made again. What pip wrote may still be in
memory only when the marker reaches the disk; writing all of it out first would cost every build
seconds on a busy disk. So a marker counts while the machine runs that wrote it, and for good once
`settle` has written everything out: a power cut between the two leaves nothing that is trusted.
"""

from __future__ import annotations

import os
from pathlib import Path

from ..frozen import frozen
from ..state import write_whole

NAME = "pysteward.json"
_SETTLED = "pysteward.settled"
_SCHEMA = 1


@frozen
class Marker:
    """What is recorded in a complete environment.

    identity: its name. executable, interpreter, python, creator, installer: as in its spec.
    installer_version: of the pip or uv that installed.
    requirements: the effective lines, secrets masked.
    packages: name and version of each, as installed, sorted by name.
    complaints: sentences about what is not as it should be; the environment works nevertheless.
    created: RFC 3339, UTC.
    """

    identity: str
    executable: str
    interpreter: str
    python: str
    creator: str
    installer: str
    installer_version: str
    requirements: tuple[str, ...]
    packages: tuple[tuple[str, str], ...]
    complaints: tuple[str, ...]
    created: str


def complete(path: Path) -> Marker | None:
    """The marker of a complete environment; None where there is none or it cannot be trusted."""
    import json

    try:
        text = (path / NAME).read_bytes()
    except OSError:
        return None
    try:
        document = json.loads(text)
        if document["schema"] != _SCHEMA or document["identity"] != path.name:
            return None
        if document["boot"] != _boot() and not (path / _SETTLED).exists():
            return None
        return Marker(
            identity=str(document["identity"]),
            executable=str(document["executable"]),
            interpreter=str(document["interpreter"]),
            python=str(document["python"]),
            creator=str(document["creator"]),
            installer=str(document["installer"]),
            installer_version=str(document["installer_version"]),
            requirements=tuple(str(line) for line in document["requirements"]),
            packages=tuple((str(name), str(version)) for name, version in document["packages"]),
            complaints=tuple(str(line) for line in document["complaints"]),
            created=str(document["created"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def write_marker(path: Path, marker: Marker) -> None:
    """Make the environment complete: the marker is on disk, whole, when this returns."""
    import json
    from dataclasses import asdict

    document = {"schema": _SCHEMA, "boot": _boot(), **asdict(marker)}
    write_whole(path / NAME, json.dumps(document, indent=1).encode())


def invalidate(path: Path) -> None:
    """Take the marker away: what lies there is nothing any more, and the next build makes it again.

    Whoever calls holds its lock alone. Raises OSError.
    """
    for name in (NAME, _SETTLED):
        (path / name).unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Write out all that the environment consists of, so that it outlasts a power cut.

    It takes as long as the disk takes; call it when nobody waits any more.
    """
    if (path / NAME).exists() and not (path / _SETTLED).exists():
        os.sync()
        write_whole(path / _SETTLED, b"")


def _boot() -> str:
    """What tells this run of the machine from the one before; empty where the system has none."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return ""
