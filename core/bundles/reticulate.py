"""Whether R content calls Python: what its files say of reticulate.

reticulate is among the packages of much content that never calls it, because another package
imports it. Such content runs without Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ..archives import EntryKind
from .sources import as_bundle_errors

if TYPE_CHECKING:
    from .bundle import Bundle

_SUFFIXES = frozenset({".r", ".rmd", ".rmarkdown", ".rnw", ".qmd"})
_NAMES = frozenset({".rprofile"})
_CALL = re.compile(rb"reticulate::|\([^()\n]{0,200}\breticulate\b|^\s{0,20}```+\s{0,9}\{python\b")


def uses_reticulate(bundle: Bundle) -> bool:
    """Whether a file of the bundle loads or calls reticulate, or has a chunk of Python.

    Only files of R are read, each up to the limit for reading. Raises BundleError where the bundle
    can no longer be read.
    """
    names = {
        name for name, member in bundle.members.items() if _is_source(name, member.size, bundle)
    }
    return any(map(_calls, _contents(bundle, names)))


def _is_source(name: str, size: int, bundle: Bundle) -> bool:
    path = PurePosixPath(name.lower())
    is_r = path.suffix in _SUFFIXES or path.name in _NAMES
    return is_r and size <= bundle.limits.read_bytes


def _contents(bundle: Bundle, names: set[str]) -> Iterator[bytes]:
    """Yield the contents of these files, those in memory first; the rest in one pass."""
    small: Mapping[str, bytes] = bundle.small
    yield from (small[name] for name in names if name in small)
    rest = {name for name in names if name not in small}
    if not rest:
        return
    with as_bundle_errors(bundle.path):
        for incoming in bundle.source.members(bundle.limits):
            if incoming.kind is EntryKind.FILE and incoming.name in rest:
                yield b"".join(incoming.chunks)


def _calls(content: bytes) -> bool:
    lines = content.split(b"\n")
    return any(_CALL.search(line[:2000]) for line in lines if not line.lstrip().startswith(b"#"))
