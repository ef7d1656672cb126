"""Remove stored wheels that no environment is made of."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..frozen import frozen
from ..removal import Remainder, remove_tree
from ..state import forget_lock, hold
from .store import WheelStore

_BLOCK = 512  # bytes, whatever the file system's own blocks are; see stat(2)


@frozen
class WheelUse:
    """One wheel of the store, and how it is used.

    file, name, version: None where its note is unreadable. kinds: of Python that it is compiled
    for. size: bytes on disk. used_by: the environments that are made of it.
    """

    sha256: str
    file: str | None
    name: str | None
    version: str | None
    kinds: tuple[str, ...]
    size: int
    used_by: tuple[str, ...]
    created: str | None = None


@frozen
class WheelRemoval:
    """What became of the removal of one wheel. refused: why it stays; None where it is gone."""

    wheel: WheelUse
    refused: str | None = None


def list_wheels(store: WheelStore, used: dict[str, tuple[str, ...]]) -> Iterator[WheelUse]:
    """Yield every stored wheel. used: the environments of each, by its SHA-256."""
    for sha256 in store.names():
        wheel = store.find(sha256)
        users = used.get(sha256, ())
        size = _size(store.directory(sha256))
        if wheel is None:
            yield WheelUse(sha256, None, None, None, (), size, users)
            continue
        yield WheelUse(
            sha256,
            wheel.file,
            wheel.name,
            wheel.version,
            store.kinds(wheel),
            size,
            users,
            wheel.created,
        )


def remove_wheels(store: WheelStore, wheels: Sequence[WheelUse]) -> Iterator[WheelRemoval]:
    """Remove wheels, and what killed builds have left; yield each result as it is there.

    What a build works with is left alone. An environment that has been made of one meanwhile keeps
    its links to it. Raises OSError.
    """
    clear_store(store)
    gone: list[str] = []
    for wheel in wheels:
        directory = store.directory(wheel.sha256)
        with hold(directory, wait=False) as is_held:
            if not is_held:
                yield WheelRemoval(wheel, "a build is at work with it")
                continue
            room = store.make_room()
            if directory.exists():
                os.rename(directory, room / wheel.sha256)
            forget_lock(directory)
            forget_lock(store.making_of(wheel.sha256))
        left = remove_tree(room)
        gone.append(wheel.sha256)
        yield WheelRemoval(wheel, None if left is None else str(left))
    store.forget_built(gone)


def clear_store(store: WheelStore) -> tuple[Remainder, ...]:
    """Remove what killed builds have left in the making, if none is at work."""
    with hold(store.making, wait=False) as is_alone:
        return store.clear() if is_alone else ()


def _size(directory: Path) -> int:
    total = 0
    for top, _, names in os.walk(directory):
        for name in names:
            try:
                status = os.lstat(os.path.join(top, name))
            except OSError:
                continue
            if stat.S_ISREG(status.st_mode):
                total += status.st_blocks * _BLOCK
    return total
