"""The cache of one build, filled with links to the steward's cache.

A package's code may write whatever it likes into the cache of the build that installs it. If builds
shared that, it would get into the environments of other content. So each build has a cache of its
own, which goes with the build; what the steward's cache holds is in it as links, and the steward's
files are not writable for the user of the builds, or read-only in the build's confinement. pip
switches a cache off that it may not write, so the steward's cannot be used in its place.

What a build has added is copied into the steward's cache only where no package's code can have
touched it; the caller knows that.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from ..file_io import blocks, open_regular, write_all
from ..state import make_directory
from ..users import User

CACHES = ("pip", "virtualenv")

_MOST_FILES = 20_000
_MOST_DEPTH = 30
_LARGEST_FILE = 4 << 30
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC

_DOWNLOAD = re.compile(r"http(?:-v2)?/(?:[0-9a-f]/){5}[0-9a-f]{40,64}(?:\.body)?")
"""A response that pip keeps; its directory ``wheels`` holds what builds have made themselves."""


_IN_IMAGE = re.compile(r"wheel/[^/]+/image/[^/]+/[^/]+/[^/]+/")
"""The files of one seed that virtualenv has unpacked: what is in there belongs to a package."""


def steward_cache(state_dir: Path, run_as: str | None) -> Path:
    """Return where the steward's cache for the builds of a user lies.

    Each user has one: what one of them brought in, another would run.
    """
    name = "shared" if run_as is None or os.geteuid() != 0 else f"shared-{run_as}"
    return state_dir / "cache" / name


def prepare_caches(steward: Path, own: Path, user: User | None) -> None:
    """Make the steward's cache where there is none, and a build's own with links into it.

    own: does not exist yet. user: who runs the build, where that is another. Raises OSError.
    """
    if not steward.is_dir():
        make_directory(steward)
    _close(steward, user)
    own.mkdir(0o700)
    for name in CACHES:
        (own / name).mkdir(0o700)
        link_cache(steward / name, own / name, user)
    if user is not None:
        os.chown(own, user.uid, user.gid, follow_symlinks=False)


def is_download(name: str) -> bool:
    """Return whether a name in pip's cache is that of something it has downloaded."""
    return _DOWNLOAD.fullmatch(name) is not None


def take_back_seeds(own: Path, steward: Path, user: User | None) -> None:
    """Copy what virtualenv has unpacked into the steward's cache; never raises."""
    take_back(own / "virtualenv", steward / "virtualenv", lambda _: True, user)


def take_back_downloads(own: Path, steward: Path, user: User | None) -> None:
    """Copy what pip has downloaded into the steward's cache; never raises."""
    take_back(own / "pip", steward / "pip", is_download, user)


def link_cache(steward: Path, own: Path, user: User | None) -> None:
    """Fill a new directory with links to the files of the steward's cache, the newest ones first.

    own: an empty directory that no other user may enter yet. Directories become the user's.
    What cannot be linked is left out: then it is downloaded again.
    """
    with contextlib.suppress(OSError):
        newest = [name for name, _ in sorted(_files_in(steward), key=lambda found: -found[1])]
        # virtualenv takes an image that is there for a whole one.
        cut = {image[0] for name in newest[_MOST_FILES:] if (image := _IN_IMAGE.match(name))}
        made: set[str] = {""}
        for name in newest[:_MOST_FILES]:
            image = _IN_IMAGE.match(name)
            if image is not None and image[0] in cut:
                continue
            directory = name.rpartition("/")[0]
            _make_directories(own, directory, made)
            os.symlink(steward / name, own / name)
        if user is not None:
            for directory in sorted(made, reverse=True):  # the top one last
                os.chown(own / directory, user.uid, user.gid, follow_symlinks=False)


def take_back(own: Path, steward: Path, chosen: Callable[[str], bool], user: User | None) -> None:
    """Copy what a build has added to its cache into the steward's.

    chosen: whether to take a file, by its name below the cache. Links, and what is in the steward's
    cache already, are left out; a file is in it whole or not at all. Never raises.
    """
    with contextlib.suppress(OSError):
        steward.mkdir(parents=True, exist_ok=True)
        _close(steward, user)
        made: set[str] = {""}
        for count, (name, _) in enumerate(_files_in(own)):
            if count == _MOST_FILES:
                break
            if chosen(name) and not (steward / name).exists():
                for directory in _make_directories(steward, name.rpartition("/")[0], made):
                    _close(directory, user)
                _copy(own / name, steward / name, user)


def _copy(source: Path, target: Path, user: User | None) -> None:
    """Copy one file. One that is not regular any more, or too large, is left out."""
    temporary = target.with_name(f".{target.name[-100:]}.{os.getpid()}")
    with contextlib.suppress(OSError):
        descriptor = open_regular(source)
        try:
            size = os.fstat(descriptor).st_size
            if size > _LARGEST_FILE:
                return
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            written = os.open(temporary, flags, 0o600)
            try:
                for block in blocks(descriptor, size):
                    write_all(written, block)
                if user is not None:
                    os.fchown(written, -1, user.gid)
                os.fchmod(written, 0o440)
            finally:
                os.close(written)
            os.rename(temporary, target)
        finally:
            os.close(descriptor)
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()


def _files_in(top: Path) -> Iterator[tuple[str, int]]:
    """Yield every regular file below a directory: its name and when it was changed (ns). No link is
    followed; what cannot be read, and what a lock is made of, is passed over."""
    pending = [("", 0)]
    while pending:
        directory, depth = pending.pop()
        try:
            descriptor = os.open(top / directory, _DIRECTORY)
        except OSError:
            continue
        try:
            with os.scandir(descriptor) as entries:
                for entry in entries:
                    name = directory + entry.name
                    status = entry.stat(follow_symlinks=False)
                    if stat.S_ISDIR(status.st_mode) and depth < _MOST_DEPTH:
                        pending.append((f"{name}/", depth + 1))
                    elif stat.S_ISREG(status.st_mode) and not _is_lock(name):
                        yield name, status.st_mtime_ns
        except OSError:
            continue
        finally:
            os.close(descriptor)


def _is_lock(name: str) -> bool:
    """Return whether a file is what a lock is made of, and not a package's own file of such a name
    (setuptools has `_vendor/.lock`, and its RECORD lists it)."""
    return name.endswith(".lock") and _IN_IMAGE.match(name) is None


def _make_directories(top: Path, directory: str, made: set[str]) -> list[Path]:
    """Make the directories on the way to a file, each once; returns the new ones."""
    new: list[Path] = []
    missing: list[str] = []
    while directory not in made:
        missing.append(directory)
        directory = directory.rpartition("/")[0]
    for name in reversed(missing):
        made.add(name)
        with contextlib.suppress(FileExistsError):
            os.mkdir(top / name, 0o700)
            new.append(top / name)
    return new


def _close(directory: Path, user: User | None) -> None:
    """Let only the user of the builds into a directory of the steward's cache."""
    if user is not None:
        os.chown(directory, -1, user.gid)
    directory.chmod(0o700 if user is None else 0o750)
