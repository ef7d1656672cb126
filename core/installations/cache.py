"""Answers kept between runs, each as long as every file that it rests on is the same.

A file's identity is its device, inode, size and both times (mtime, ctime); a folder on the way is
known by its device, inode, mode and owner, because what else it holds does not matter. Whatever
is wrong with the cache file, its entries are then simply not there.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..state_dir import make_folder, write_whole
from .places import Place, follow
from .probe import Fields, rests_on, script
from .shims import shim_of
from .users import User

# The kernel stamps files by a clock that ticks each 10 ms at the slowest (CONFIG_HZ=100): a change
# within the tick of the answer would leave the same times, so such an answer is not kept.
_TICK_NS = 20_000_000

Stamps = tuple[tuple[str, str], ...]
"""Paths, each with its identity; an empty one for what was not there."""

_MOST_ENTRIES = 200
_MOST_BYTES = 20_000_000
_SCRIPT_SIZE = 20_000


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer and all that it rests on, each path with its identity."""

    fields: Fields
    files: Stamps
    links: Stamps
    folders: Stamps


@dataclass(slots=True)
class Cache:
    """The cache file's content.

    file: where it lies; None keeps nothing.
    """

    file: Path | None
    entries: dict[str, Entry] = field(default_factory=dict[str, Entry])
    _changed: bool = False
    _files_seen: dict[str, str] = field(default_factory=dict[str, str])
    _folders_seen: dict[str, str] = field(default_factory=dict[str, str])

    @staticmethod
    def file_in(state_dir: Path) -> Path:
        """Where the cache lies in a state directory."""
        return state_dir / "installations.cache"

    @classmethod
    def load(cls, file: Path | None) -> Cache:
        """Read the cache; one that is missing, unreadable, damaged or another's is an empty one."""
        cache = cls(file)
        if file is None:
            return cache
        try:
            with open(file, "rb") as stream:
                status = os.fstat(stream.fileno())
                # Who can write answers decides what pysteward runs.
                ours = status.st_uid == os.geteuid() and not status.st_mode & 0o022
                data = stream.read(_MOST_BYTES) if ours else b""
            cache.entries = _decode(data)
        except (OSError, ValueError, StopIteration):
            cache.entries = {}
        return cache

    def answer(self, place: Place, user: User | None) -> Fields | None:
        """The answer kept for this interpreter, if all that it rests on is still the same."""
        entry = self.entries.get(_key(place, user))
        if entry is None:
            return None
        for look, stamps in (
            (self._file, entry.files),
            (_link, entry.links),
            (self._folder, entry.folders),
        ):
            if any(look(path) != stamp for path, stamp in stamps):
                return None
        return entry.fields

    def keep(self, place: Place, user: User | None, fields: Fields, asked_at: int) -> None:
        """Keep an answer.

        asked_at: when its run was begun, nanoseconds of the system's clock. An answer is kept only
        if all that it rests on is known, and none of that changed since then.
        """
        behind = _behind(place, fields)
        if behind is None or ("mapped", "1") not in fields:
            self.forget(place, user)
            return
        files = tuple((path, _file(path)) for path in dict.fromkeys(_files(place, fields)))
        links = tuple((path, _link(path)) for path in (*place.links, *behind))
        if any(_changed_after(stamp, asked_at - _TICK_NS) for _, stamp in (*files, *links)):
            self.forget(place, user)
            return
        above = _folders(path for path, _ in (*files, *links))
        folders = tuple((folder, _folder(folder)) for folder in above)
        own = tuple(pair for pair in fields if pair[0] != "rests-on")
        self.entries[_key(place, user)] = Entry(own, files, links, folders)
        self._changed = True

    def forget(self, place: Place, user: User | None) -> None:
        """Drop what is kept for this interpreter."""
        if self.entries.pop(_key(place, user), None) is not None:
            self._changed = True

    def save(self) -> None:
        """Write what changed, atomically; where the folder cannot be written, keep nothing."""
        if self.file is None or not self._changed:
            return
        newest = dict(list(self.entries.items())[-_MOST_ENTRIES:])
        with contextlib.suppress(OSError):
            make_folder(self.file.parent)
            write_whole(self.file, _encode(newest))

    def _file(self, path: str) -> str:
        # Installations share the libraries of the system: each is looked at once.
        if path not in self._files_seen:
            self._files_seen[path] = _file(path)
        return self._files_seen[path]

    def _folder(self, path: str) -> str:
        if path not in self._folders_seen:
            self._folders_seen[path] = _folder(path)
        return self._folders_seen[path]


# The file is a checksum and a list of strings with NUL between them, which no path contains. It is
# read faster than json could be imported.


def _encode(entries: dict[str, Entry]) -> bytes:
    words: list[str] = []
    for key, entry in entries.items():
        words.append(key)
        for pairs in (entry.fields, entry.files, entry.links, entry.folders):
            words.append(str(len(pairs)))
            for pair in pairs:
                words.extend(pair)
    body = "\0".join(words).encode("utf-8", "surrogateescape")
    return _checksum(body) + b"\n" + body


def _decode(data: bytes) -> dict[str, Entry]:
    """Raises ValueError or StopIteration for what was not written by _encode."""
    head, _, body = data.partition(b"\n")
    if head != _checksum(body):
        raise ValueError("damaged, or the answers to another question")
    words = iter(body.decode("utf-8", "surrogateescape").split("\0"))
    entries: dict[str, Entry] = {}
    for key in words:
        lists = [_pairs(words) for _ in range(4)]
        entries[key] = Entry(*lists)
    return entries


def _pairs(words: Iterator[str]) -> Stamps:
    return tuple((next(words), next(words)) for _ in range(int(next(words))))


def _checksum(body: bytes) -> bytes:
    """Of the entries and of the question they answer: another question has other answers."""
    return b"%d %08x" % (len(body), zlib.crc32(body, zlib.crc32(script().encode())))


def _key(place: Place, user: User | None) -> str:
    """Who asks whom: what one user gets, another may not, by the groups too."""
    if user is None:
        return f"{os.geteuid()}:{place.executable}"
    return f"{user.uid}:{user.gid}:{sorted(user.groups)}:{place.executable}"


def _behind(place: Place, fields: Fields) -> tuple[str, ...] | None:
    """The links between what is run and the interpreter that answered; None where unknown.

    They are the same file, or a script stands before it. What a script runs is known if it names
    the interpreter by its path; a shim, or one that searches, may run another one tomorrow.
    """
    said = dict(fields)
    if said.get("executable-real") == place.target:
        return ()
    executable = said.get("executable", "")
    if shim_of(place) is not None or place.target is None or not os.path.isabs(executable):
        return None
    try:
        with open(place.target, "rb") as stream:
            script = stream.read(_SCRIPT_SIZE)
    except OSError:
        return None
    if os.fsencode(executable) not in script:
        return None
    return follow(executable, set())[1]


def _files(place: Place, fields: Fields) -> list[str]:
    own = [path for path in (place.executable, place.target) if path is not None]
    return own + list(rests_on(fields))


def _file(path: str) -> str:
    try:
        return _stamp(os.stat(path))
    except OSError:
        return ""


def _link(path: str) -> str:
    try:
        return _stamp(os.lstat(path))
    except OSError:
        return ""


def _stamp(status: os.stat_result) -> str:
    return (
        f"{status.st_dev} {status.st_ino} {status.st_size} {status.st_mtime_ns} "
        f"{status.st_ctime_ns}"
    )


def _changed_after(stamp: str, nanoseconds: int) -> bool:
    return any(int(when) > nanoseconds for when in stamp.split()[3:])


def _folder(folder: str) -> str:
    try:
        status = os.stat(folder)
    except OSError:
        return ""
    return f"{status.st_dev} {status.st_ino} {status.st_mode} {status.st_uid} {status.st_gid}"


def _folders(files: Iterable[str]) -> set[str]:
    """Every folder above these files."""
    folders: set[str] = set()
    for file in files:
        folder = os.path.dirname(file)
        while folder and folder not in folders:
            folders.add(folder)
            folder = os.path.dirname(folder)
    return folders
