"""The places of one identity: its first lock lies at `location`, each other one beside it, named
for what it installs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from .marker import Marker, complete

_LENGTH = 8


def beside(base: Path, digest: str) -> Path:
    """Return the place of another lock of the same identity. digest: `Lock.digest`."""
    return base.with_name(f"{base.name}-{digest[:_LENGTH]}")


def complete_places(base: Path) -> Iterator[tuple[Path, Marker]]:
    """Yield every complete environment of an identity with its marker, the first one first."""
    marker = complete(base)
    if marker is not None:
        yield base, marker
    try:
        names = sorted(os.listdir(base.parent))
    except OSError:
        return
    for name in names:
        if name.startswith(f"{base.name}-") and len(name) == len(base.name) + 1 + _LENGTH:
            path = base.parent / name
            marker = complete(path)
            if marker is not None:
                yield path, marker
