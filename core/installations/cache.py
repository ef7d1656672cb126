"""Answers kept between runs, each as long as every file that it rests on is the same.

A file's identity is its device, inode, size and both times (mtime, ctime); a folder on the way is
known by its device, inode, mode and owner, because what else it holds does not matter. Whatever
is wrong with the cache file, its entries are then simply not there.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from .places import Place
from .probe import Fields, rests_on, script
from .users import User

# The kernel stamps files by a clock that ticks each 10 ms at the slowest (CONFIG_HZ=100): a change
# within the tick of the answer would leave the same times, so such an answer is not kept.
_TICK_NS = 20_000_000

Identity = list[int] | None


@dataclass(slots=True)
class Cache:
    """The cache file's content.

    file: where it lies; None keeps nothing.
    """

    file: Path | None
    entries: dict[str, dict[str, Any]] = field(default_factory=dict[str, "dict[str, Any]"])
    _changed: bool = False
    _files_seen: dict[str, Identity] = field(default_factory=dict[str, "list[int] | None"])
    _folders_seen: dict[str, Identity] = field(default_factory=dict[str, "list[int] | None"])

    @classmethod
    def load(cls, file: Path | None) -> Cache:
        """Read the cache; one that is missing, unreadable or damaged is an empty one."""
        cache = cls(file)
        if file is None:
            return cache
        import json

        try:
            data = file.read_bytes()
            head, _, body = data.partition(b"\n")
            if head == _checksum(body):
                cache.entries = cast("dict[str, dict[str, Any]]", json.loads(body))
        except (OSError, ValueError):
            cache.entries = {}
        return cache

    def answer(self, place: Place, user: User | None) -> Fields | None:
        """The answer kept for this interpreter, if all that it rests on is still the same."""
        entry = self.entries.get(_key(place, user))
        if entry is None:
            return None
        for look, paths in ((self._file, "files"), (_link, "links"), (self._folder, "folders")):
            if any(look(path) != identity for path, identity in entry[paths].items()):
                return None
        return tuple((key, value) for key, value in entry["fields"])

    def keep(self, place: Place, user: User | None, fields: Fields, asked_at: int) -> None:
        """Keep an answer.

        asked_at: when its run was begun, nanoseconds of the system's clock. An answer is kept only
        if it names the libraries that it runs from, and none of its files changed since then.
        """
        if ("mapped", "1") not in fields:
            return
        files = {path: _file(path) for path in _files(place, fields)}
        links = {path: _link(path) for path in place.links}
        newest = max(max(found[3:]) for found in (*files.values(), *links.values()) if found)
        if newest > asked_at - _TICK_NS:
            self.forget(place, user)
            return
        self.entries[_key(place, user)] = {
            "fields": [[key, value] for key, value in fields if key != "rests-on"],
            "files": files,
            "links": links,
            "folders": {folder: _folder(folder) for folder in _folders((*files, *links))},
        }
        self._changed = True

    def forget(self, place: Place, user: User | None) -> None:
        if self.entries.pop(_key(place, user), None) is not None:
            self._changed = True

    def save(self) -> None:
        """Write what changed, atomically; where the folder cannot be written, keep nothing."""
        if self.file is None or not self._changed:
            return
        import json

        body = json.dumps(self.entries).encode("ascii")
        with contextlib.suppress(OSError):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            _replace(self.file, _checksum(body) + b"\n" + body)

    def _file(self, path: str) -> Identity:
        # Installations share the libraries of the system: each is looked at once.
        if path not in self._files_seen:
            self._files_seen[path] = _file(path)
        return self._files_seen[path]

    def _folder(self, path: str) -> Identity:
        if path not in self._folders_seen:
            self._folders_seen[path] = _folder(path)
        return self._folders_seen[path]


def _replace(file: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with open(descriptor, "wb") as stream:
            stream.write(data)
            os.fchmod(descriptor, 0o640)
            stream.flush()
            os.fsync(descriptor)
        os.replace(name, file)
    except OSError:
        os.unlink(name)
        raise


def _checksum(body: bytes) -> bytes:
    """Of the entries and of the question they answer: another question has other answers."""
    return hashlib.sha256(script().encode() + b"\0" + body).hexdigest().encode()


def _key(place: Place, user: User | None) -> str:
    """Who asks whom: what one user gets, another may not, by the groups too."""
    if user is None:
        return f"{os.geteuid()}:{place.executable}"
    return f"{user.uid}:{user.gid}:{sorted(user.groups)}:{place.executable}"


def _files(place: Place, fields: Fields) -> list[str]:
    own = [path for path in (place.executable, place.target) if path is not None]
    return own + list(rests_on(fields))


def _file(path: str) -> Identity:
    try:
        return _stamp(os.stat(path))
    except OSError:
        return None


def _link(path: str) -> Identity:
    try:
        return _stamp(os.lstat(path))
    except OSError:
        return None


def _stamp(status: os.stat_result) -> list[int]:
    return [
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    ]


def _folder(folder: str) -> Identity:
    try:
        status = os.stat(folder)
    except OSError:
        return None
    return [status.st_dev, status.st_ino, status.st_mode, status.st_uid, status.st_gid]


def _folders(files: Iterable[str]) -> set[str]:
    """Every folder above these files."""
    folders: set[str] = set()
    for file in files:
        folder = os.path.dirname(file)
        while folder and folder not in folders:
            folders.add(folder)
            folder = os.path.dirname(folder)
    return folders
