"""Whether a bundle's files are those that its manifest lists."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from ..archives import EntryKind
from .bundle import Bundle
from .sources import as_bundle_errors


class FileMismatch(NamedTuple):
    """A file that the manifest lists and that is another, or absent (found is None).

    expected, found: MD5 in hexadecimal, which is what the clients write.
    """

    name: str
    expected: str | None
    found: str | None


def check_files(bundle: Bundle) -> tuple[FileMismatch, ...]:
    """Return the files that do not agree with the manifest, in its order. Reads the bundle once
    more.

    Raises BundleError where that is no longer possible.
    """
    listed = bundle.manifest.files
    found: dict[str, str] = {}
    with as_bundle_errors(bundle.path):
        for incoming in bundle.source.members(bundle.limits):
            if incoming.kind is EntryKind.FILE and listed.get(incoming.name) is not None:
                hashed = hashlib.md5(usedforsecurity=False)
                for chunk in incoming.chunks:
                    hashed.update(chunk)
                found[incoming.name] = hashed.hexdigest()
    return tuple(
        FileMismatch(name, expected, found.get(name))
        for name, expected in listed.items()
        if name not in bundle.members or (expected is not None and found[name] != expected.lower())
    )
