"""Answers kept between runs, each as long as every file that it rests on is the same.

A file's identity is its device, inode, size and both times (mtime, ctime); a directory on the way
is known by its device, inode, mode and owner, because what else it holds does not matter. Whatever
is wrong with the cache file, its entries are then simply not there.
"""

from __future__ import annotations

import contextlib
import os
import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ..file_io import open_regular
from ..state import make_directory, write_whole
from .location import Location, follow
from .probe import Fields, rests_on, script
from .shims import shim_of

# The kernel stamps files by a clock that ticks each 10 ms at the slowest (CONFIG_HZ=100): a change
# within the tick of the answer would leave the same times, so such an answer is not kept.
_TICK_NS = 20_000_000

_HANG_KEPT_NS = 60_000_000_000
"""How long it is not asked again whether an interpreter still hangs: each time costs its deadline,
and what it waits for may be none of the files that are looked at."""

_MOST_ENTRIES = 200
_MOST_BYTES = 20_000_000
_SCRIPT_SIZE = 20_000

Ground = tuple[str, str]
"""Something that an answer rests on: how it is looked at (a letter) and its path; its stamp."""


class Entry(NamedTuple):
    """An answer and all that it rests on."""

    fields: Fields
    grounds: tuple[Ground, ...]


@dataclass(slots=True, eq=False, repr=False)
class Cache:
    """The answers that are kept.

    file: where they lie; None keeps nothing.
    asker: who asks; each has answers of his own.
    """

    file: Path | None
    asker: str = ""
    _entries: dict[str, Entry] = field(default_factory=dict[str, Entry])
    _has_changed: bool = False
    _seen: dict[Ground, bool] = field(default_factory=dict[Ground, bool])

    @staticmethod
    def file_in(state_dir: Path) -> Path:
        """Return where the cache lies in a state directory."""
        return state_dir / "installations.cache"

    @classmethod
    def load(cls, file: Path | None, asker: str) -> Cache:
        """Read the cache; one that is missing, unreadable, damaged or another's is an empty one."""
        if file is None:
            return cls(None, asker)
        try:
            # Who can write answers decides what pysteward runs.
            with open(open_regular(file, owners={os.geteuid()}), "rb") as stream:
                is_closed = not os.fstat(stream.fileno()).st_mode & 0o022
                return cls(file, asker, _decode(stream.read(_MOST_BYTES) if is_closed else b""))
        except (OSError, ValueError, IndexError):
            return cls(file, asker)

    def answer(self, place: Location) -> Fields | None:
        """The answer kept for this interpreter, if all that it rests on is still the same."""
        entry = self._entries.get(self._key(place))
        if entry is None:
            return None
        seen = self._seen
        for ground in entry.grounds:
            # Installations share the libraries of the system: each is looked at once.
            is_same = seen.get(ground)
            if is_same is None:
                name, stamp = ground
                is_same = seen[ground] = _LOOKS[name[0]](name[1:]) == stamp
            if not is_same:
                return None
        return entry.fields

    def keep(self, place: Location, fields: Fields, asked_at: int) -> None:
        """Keep an answer.

        asked_at: when its run was started, nanoseconds of the system's clock. An answer is kept
            only if all that it rests on is known, and none of that changed since then.
        """
        behind = _behind(place, fields)
        if behind is None or ("mapped", "1") not in fields:
            self.forget(place)
            return
        own = tuple(pair for pair in fields if pair[0] != "rests-on")
        self._keep(place, own, rests_on(fields), (*place.links, *behind), asked_at)

    def keep_hang(self, place: Location, timeout: float, asked_at: int) -> None:
        """Keep for a minute that it did not answer in time.

        timeout: the seconds that it had. asked_at: as in `keep`.
        """
        from .layout import layout_of

        layout = layout_of(place)
        known = () if layout is None else (layout.stdlib, f"{layout.stdlib}/site-packages")
        hang = (("hung-at", str(time.time_ns())), ("timeout", f"{timeout:g}"))
        self._keep(place, hang, known, place.links, asked_at)

    def _keep(
        self,
        place: Location,
        fields: Fields,
        more: Iterable[str],
        links: Iterable[str],
        asked_at: int,
    ) -> None:
        links = tuple(links)
        files = [str(place.executable), str(place.target), *more]
        changing = [f"F{path}" for path in files] + [f"L{path}" for path in links]
        grounds = [(name, _LOOKS[name[0]](name[1:])) for name in dict.fromkeys(changing)]
        if any(_changed_after(stamp, asked_at - _TICK_NS) for _, stamp in grounds):
            self.forget(place)
            return
        above = _directories((*files, *links)) - set(files)
        grounds += [(f"D{directory}", _directory(directory)) for directory in above]
        self._entries[self._key(place)] = Entry(fields, tuple(grounds))
        self._has_changed = True

    @staticmethod
    def hang_in(fields: Fields, timeout: float) -> float | None:
        """Return how many seconds ago it hung, if that is what these fields say and it still
        counts."""
        if not fields or fields[0][0] != "hung-at":
            return None
        ago = time.time_ns() - int(fields[0][1])
        counts = 0 <= ago < _HANG_KEPT_NS and float(fields[1][1]) >= timeout
        return ago / 1e9 if counts else None

    def forget(self, place: Location) -> None:
        """Drop what is kept for this interpreter."""
        if self._entries.pop(self._key(place), None) is not None:
            self._has_changed = True

    def _key(self, place: Location) -> str:
        return f"{self.asker}:{place.executable}"

    def save(self) -> None:
        """Write what changed, atomically; where the directory cannot be written, keep nothing."""
        if self.file is None or not self._has_changed:
            return
        newest = dict(list(self._entries.items())[-_MOST_ENTRIES:])
        with contextlib.suppress(OSError):
            make_directory(self.file.parent)
            write_whole(self.file, _encode(newest))


# The file is a checksum and strings with NUL between them, which no path contains: first all
# grounds, each once, then the entries, which number theirs. It is read before json is imported.


def _encode(entries: dict[str, Entry]) -> bytes:
    numbers: dict[Ground, int] = {}
    words: list[str] = []
    for key, entry in entries.items():
        own = [str(numbers.setdefault(ground, len(numbers))) for ground in entry.grounds]
        words += [key, " ".join(own), str(len(entry.fields))]
        words += [word for pair in entry.fields for word in pair]
    table = [word for ground in numbers for word in ground]
    body = "\0".join([str(len(numbers)), *table, *words]).encode("utf-8", "surrogateescape")
    return _checksum(body) + b"\n" + body


def _decode(data: bytes) -> dict[str, Entry]:
    """Raises ValueError or IndexError for what was not written by _encode."""
    head, _, body = data.partition(b"\n")
    if head != _checksum(body):
        raise ValueError("damaged, or the answers to another question")
    words = body.decode("utf-8", "surrogateescape").split("\0")
    at = 1 + 2 * int(words[0])
    grounds = list(zip(words[1:at:2], words[2:at:2], strict=True))
    entries: dict[str, Entry] = {}
    while at < len(words):
        key, own, count = words[at : at + 3]
        end = at + 3 + 2 * int(count)
        fields = tuple(zip(words[at + 3 : end : 2], words[at + 4 : end : 2], strict=True))
        entries[key] = Entry(fields, tuple([grounds[int(number)] for number in own.split()]))
        at = end
    return entries


def _checksum(body: bytes) -> bytes:
    """Of the entries and of the question they answer: another question has other answers."""
    return b"%d %08x" % (len(body), zlib.crc32(body, zlib.crc32(script().encode())))


def _behind(place: Location, fields: Fields) -> tuple[str, ...] | None:
    """Return the links between what is run and the interpreter that answered; None where unknown.

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


def _directory(path: str) -> str:
    try:
        status = os.stat(path)
    except OSError:
        return ""
    return f"{status.st_dev} {status.st_ino} {status.st_mode} {status.st_uid} {status.st_gid}"


_LOOKS: dict[str, Callable[[str], str]] = {"F": _file, "L": _link, "D": _directory}
"""How a ground is looked at: a file (or the directory whose names count), a link itself, a
directory on the way. The stamp of what is not there is empty."""


def _stamp(status: os.stat_result) -> str:
    return (
        f"{status.st_dev} {status.st_ino} {status.st_size} "
        f"{status.st_mtime_ns} {status.st_ctime_ns}"
    )


def _changed_after(stamp: str, nanoseconds: int) -> bool:
    return any(int(when) > nanoseconds for when in stamp.split()[3:])


def _directories(files: Iterable[str]) -> set[str]:
    """Return every directory above these files."""
    directories: set[str] = set()
    for file in files:
        directory = os.path.dirname(file)
        while directory and directory not in directories:
            directories.add(directory)
            directory = os.path.dirname(directory)
    return directories
