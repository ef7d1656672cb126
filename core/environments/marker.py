"""The marker: the last file written into an environment, which makes it complete.

Without one, whatever lies there was interrupted and is made again. What pip wrote may still be in
memory only when the marker reaches the disk; writing all of it out first would cost every build
seconds on a busy disk. So a marker counts while the machine runs that wrote it, and for good once
`flush` has written everything out: a power cut between the two leaves nothing that is trusted.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from ..file_io import read_regular
from ..frozen import frozen
from ..json_values import parse_json
from ..removal import remove_completely
from ..state import boot_id, write_whole
from .completion import completion_of, forget_completion, keeps_notes, note_completion, note_flushed

NAME = "pysteward.json"
LOCK_NAME = "pylock.toml"
"""The lock of what is installed, in an environment and in the record of its build."""

_SETTLED = "pysteward.settled"
MARKERS = (NAME, _SETTLED)
_SCHEMA = 1
_LARGEST = 16 * 1024 * 1024


@frozen
class Marker:
    """What is recorded in a complete environment.

    identity: its name. executable, interpreter, python, creator, installer: as in its spec.
    installer_version: of the pip or uv that installed.
    requirements: the effective lines, secrets masked.
    packages: name and version of each, as installed, sorted by name.
    complaints: sentences about what is not as it should be; the environment works nevertheless.
    created: RFC 3339, UTC.
    lock: SHA-256 of its ``pylock.toml``, in hexadecimal; empty without one.
    locked: `Lock.digest` of it: of what it installs, under all conditions alike.
    wheels: SHA-256 of the stored wheels that it is made of; none where pip or uv has installed it.
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
    lock: str = ""
    locked: str = ""
    wheels: tuple[str, ...] = ()


def complete(path: Path) -> Marker | None:
    """Return the marker of a complete environment; None where there is none or it cannot be
    trusted.

    A package could have written the marker itself: the steward's note decides, see `completion`.
    """
    text = _read(path)
    if text is None:
        return None
    if not keeps_notes(path.parent):
        return _parsed(path, text) if _was_complete(path, text) else None
    note = completion_of(path)
    if note is None or note.marker != hashlib.sha256(text).hexdigest():
        return None
    return _parsed(path, text) if note.is_flushed or _is_of_this_boot(text) else None


def marker_before_notes(path: Path) -> bytes | None:
    """Return the marker of an environment that a version without notes completed; None for any
    other."""
    text = _read(path)
    return text if text is not None and _was_complete(path, text) else None


def write_marker(path: Path, marker: Marker, files: Iterable[str] = ()) -> None:
    """Make the environment complete: the marker is on disk, whole, when this returns.

    files: the names that are in it, see `list_files`; empty: then `verify` sees nothing added.
    """
    import json
    from dataclasses import asdict

    document = {"schema": _SCHEMA, "boot": boot_id(), **asdict(marker)}
    text = json.dumps(document, indent=1).encode()
    note_completion(path, text, files)
    write_whole(path / NAME, text)


def invalidate(path: Path) -> None:
    """Take the marker away: what lies there is nothing any more, and the next build makes it again.

    The caller holds its lock alone. Raises OSError.
    """
    forget_completion(path)
    remove_markers(path)


def remove_markers(path: Path) -> None:
    """Remove what lies in the place of a marker, whatever that is. Raises OSError."""
    for name in MARKERS:
        remove_completely(path / name)


def flush(path: Path) -> bool:
    """Write out all that the environment consists of, so that it outlasts a power cut.

    It takes as long as the disk takes; call it when no caller waits. Returns whether all that was
    written before is on disk now; else that had been done already.
    """
    note = completion_of(path)
    if note is None or note.is_flushed:
        return False
    os.sync()
    write_whole(path / _SETTLED, b"")
    note_flushed(path)
    return True


def lock_text(path: Path) -> str | None:
    """Return the lock of a complete environment; None where it has none, or another text now."""
    marker = complete(path)
    if marker is None or not marker.lock:
        return None
    try:
        data = read_regular(path / LOCK_NAME, _LARGEST)
        return data.decode() if hashlib.sha256(data).hexdigest() == marker.lock else None
    except (OSError, UnicodeDecodeError):
        return None


def _read(path: Path) -> bytes | None:
    """The text of the marker, if it is a file of the user whom the environments belong to."""
    try:
        owner = os.stat(path.parent).st_uid
        return read_regular(path / NAME, _LARGEST, owners={owner, 0})
    except OSError:
        return None


def _parsed(path: Path, text: bytes) -> Marker | None:
    try:
        document = parse_json(text)
        if document["schema"] != _SCHEMA or document["identity"] != path.name:
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
            lock=str(document.get("lock", "")),
            locked=str(document.get("locked", "")),
            wheels=tuple(str(each) for each in document.get("wheels", ())),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _was_complete(path: Path, text: bytes) -> bool:
    """Return whether a version without notes took it for complete, and no other user could write
    it."""
    try:
        directory, owner = os.lstat(path), os.stat(path.parent).st_uid
    except OSError:
        return False
    if directory.st_uid not in (owner, 0) or directory.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return False
    return (path / _SETTLED).exists() or _is_of_this_boot(text)


def _is_of_this_boot(text: bytes) -> bool:
    try:
        return parse_json(text)["boot"] == boot_id()
    except (ValueError, KeyError, TypeError):
        return False


def turned_link(marker: Marker) -> str | None:
    """Return a sentence where the installation is a link that now leads to another Python."""
    now = os.path.realpath(marker.executable)
    if now == marker.interpreter or not os.path.exists(now):
        return None
    return (
        f"{marker.executable} leads to {now} now; the environment was made for "
        f"Python {marker.python}, {marker.interpreter}"
    )
