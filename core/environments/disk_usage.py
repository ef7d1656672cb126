"""How much room environments take. uv links files into its cache, so one file may have many names:
it counts once."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..frozen import frozen

_BLOCK = 512  # bytes, whatever the file system's own blocks are; see stat(2)


@frozen
class Usage:
    """Room on disk, in bytes.

    sizes: of each environment by itself. total: of all together, shared files once.
    freed: what would become free if all of them were removed: what has a name elsewhere stays.
    """

    sizes: Mapping[Path, int]
    total: int
    freed: int


def measure(paths: Sequence[Path]) -> Usage:
    """Go through these environments; what cannot be read or vanishes meanwhile counts nothing."""
    sizes: dict[Path, int] = {}
    everywhere: dict[tuple[int, int], _File] = {}
    for path in paths:
        here: dict[tuple[int, int], _File] = {}
        _walk(path, here)
        sizes[path] = sum(file.size for file in here.values())
        for key, file in here.items():
            known = everywhere.setdefault(key, _File(file.size, file.links))
            known.seen += file.seen
    return Usage(
        sizes,
        sum(file.size for file in everywhere.values()),
        sum(file.size for file in everywhere.values() if file.seen >= file.links),
    )


@dataclass(slots=True)
class _File:
    """One file. links: how many names it has; seen: how many of them were met."""

    size: int
    links: int
    seen: int = 0


def _walk(directory: Path | str, found: dict[tuple[int, int], _File]) -> None:
    try:
        with os.scandir(directory) as entries:
            for entry in entries:
                try:
                    status = entry.stat(follow_symlinks=False)
                except OSError:
                    continue
                is_directory = stat.S_ISDIR(status.st_mode)
                # A directory has one name; its links are the entries in it.
                links = 1 if is_directory else status.st_nlink
                key = (status.st_dev, status.st_ino)
                found.setdefault(key, _File(status.st_blocks * _BLOCK, links)).seen += 1
                if is_directory:
                    _walk(entry.path, found)
    except OSError:
        return
