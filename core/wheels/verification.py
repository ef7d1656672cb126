"""Compare stored wheels with what was noted when they were taken in."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from ..file_io import blocks, open_regular
from ..frozen import frozen
from ..state import hold
from .model import StoredWheel
from .store import WheelStore

_LARGEST = 1 << 40


@frozen
class WheelCheck:
    """What became of one wheel.

    file: the name of its archive; None where its note is unreadable. defects: sentences.
    is_aside: whether it was put aside, so that the next build makes it again.
    is_busy: a build is at work with it, so it was not put aside.
    """

    sha256: str
    file: str | None
    defects: tuple[str, ...]
    is_aside: bool = False
    is_busy: bool = False


def check_store(store: WheelStore, *, repair: bool = True) -> Iterator[WheelCheck]:
    """Compare every wheel; yield each result as it is there.

    repair: put damaged wheels aside, and note those that no power cut has harmed.
    Raises: OSError.
    """
    for sha256 in store.names():
        with hold(store.directory(sha256), shared=True) as _:
            wheel = store.find(sha256)
            defects = find_defects(store, sha256, wheel)
            if wheel is not None and not defects and repair and not _is_settled(store, wheel):
                os.sync()
                store.note_flushed([sha256])
        file = wheel.file if wheel is not None else None
        if not defects or not repair:
            yield WheelCheck(sha256, file, defects)
            continue
        with hold(store.directory(sha256), wait=False) as is_held:
            if is_held and store.directory(sha256).exists():
                store.put_aside(sha256)
        yield WheelCheck(sha256, file, defects, is_aside=is_held, is_busy=not is_held)


def _is_settled(store: WheelStore, wheel: StoredWheel) -> bool:
    return store.is_settled(wheel) and all(
        store.bytecode(wheel, kind) is not None for kind in store.kinds(wheel)
    )


def find_defects(store: WheelStore, sha256: str, wheel: StoredWheel | None) -> tuple[str, ...]:
    """Return what is wrong with a wheel, one clause each; nothing where it is as it was stored.

    wheel: what `WheelStore.find` gives. The caller holds its lock. Raises OSError.
    """
    if wheel is None:
        if not store.directory(sha256).exists():
            return ("it is not there any more",)
        return ("wheel.json is missing or unreadable",)
    expected = {f"{wheel.tree}/{each.source}": each.sha256 for each in wheel.files}
    for kind in store.kinds(wheel):
        bytecode = store.read_bytecode(wheel, kind)
        if bytecode is None:
            return (f"{kind}.json is unreadable",)
        for module, digest in bytecode.files.items():
            expected[f"{bytecode.directory}/{bytecode.path_of(module)}"] = digest
    return tuple(_compare(wheel.directory, expected))


def _compare(directory: Path, expected: dict[str, str]) -> Iterator[str]:
    start = len(str(directory)) + 1
    for file, digest in expected.items():
        try:
            descriptor = open_regular(file)
        except FileNotFoundError:
            yield f"{file[start:]} is missing"
            continue
        except OSError as error:
            yield f"{file[start:]} cannot be read: {error.strerror}"
            continue
        try:
            mode = os.fstat(descriptor).st_mode
            found = hashlib.sha256()
            for block in blocks(descriptor, _LARGEST):
                found.update(block)
        except OSError as error:
            yield f"{file[start:]} cannot be read: {error.strerror}"
            continue
        finally:
            os.close(descriptor)
        if found.hexdigest() != digest:
            yield f"{file[start:]} was altered"
        elif mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
            yield f"{file[start:]} can be written"
