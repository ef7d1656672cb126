"""What a bundle on the server asks for: its manifest and its requirements, and no more of it.

The archive is read as it arrives, as hostile as it may be, and the connection is closed as soon as
all is there: clients write the manifest first, and bundles may hold gigabytes of data.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable
from contextlib import suppress
from pathlib import Path

from ...archives import ArchiveReader, EntryKind, Limits
from ...bundles import Manifest, parse_requirements, read_manifest
from ...errors import ArchiveError, BundleError, RemoteError
from .cache import Cache
from .client import ConnectClient
from .model import RemoteContent

_MANIFEST = "manifest.json"
_USUAL = "requirements.txt"
_LIKELY = (".txt", ".in", ".pip", ".lock")  # what requirements, and what they include, are called
_MOST_DOWNLOADED = 4 * 1024**3
_MOST_KEPT = 16 * 1024 * 1024  # bytes of all files together, but for the manifest
_EACH = 1024  # what a file costs besides its bytes


def request_files(client: ConnectClient, cache: Cache, content: RemoteContent) -> Path:
    """Return an archive of the manifest and the requirements of the active bundle of content.

    It is taken from the cache where it was read before. Raises RemoteError, also where the content
    has no bundle, and BundleError for a bundle that is none.
    """
    if content.bundle is None:
        raise RemoteError("it was never deployed: there is no bundle", code="remote-not-found")
    kept = cache.bundle(content.bundle)
    if kept is not None:
        return kept
    path = f"/v1/content/{content.guid}/bundles/{content.bundle}/download"
    found = client.stream(path, _MOST_DOWNLOADED, lambda parts: _collect(parts, ()))
    named = found.missing_package_file
    if named is not None:
        # It has an unusual name, or is not there at all.
        found = client.stream(path, _MOST_DOWNLOADED, lambda parts: _collect(parts, (named,)))
    return cache.keep_bundle(content.bundle, found.files)


class _Archive:
    """The parts of a download as a file that is read from its beginning."""

    def __init__(self, parts: Generator[bytes]) -> None:
        self._parts = parts
        self._left = b""

    def read(self, count: int = -1, /) -> bytes:
        while len(self._left) < count or count < 0:
            part = next(self._parts, b"")
            if not part:
                break
            self._left += part
        taken = self._left if count < 0 else self._left[:count]
        self._left = self._left[len(taken) :]
        return taken


def _collect(parts: Generator[bytes], wanted: Collection[str]) -> _RequestFiles:
    """Read an archive until all that matters is there. Raises BundleError."""
    found = _RequestFiles(wanted)
    try:
        for member in ArchiveReader(_Archive(parts), Limits()).members():
            if member.kind is EntryKind.FILE and found.may_need(member.name):
                found.take(member.name, member.size, member.chunks)
                if found.is_complete:
                    break
    except ArchiveError as error:
        raise BundleError(error.message, code=f"bundle-{error.kind}") from None
    if _MANIFEST not in found.files:
        raise BundleError(f"{_MANIFEST}: is missing: a bundle has one at its top")
    return found


class _RequestFiles:
    """The manifest of a bundle and what may belong to its requirements."""

    def __init__(self, wanted: Collection[str]) -> None:
        self.files: dict[str, bytes] = {}
        self.manifest: Manifest | None = None
        self._wanted = wanted
        self._left = _MOST_KEPT

    def may_need(self, name: str) -> bool:
        is_likely = name in self._wanted or name.lower().endswith(_LIKELY)
        return name not in self.files and (name == _MANIFEST or is_likely)

    def take(self, name: str, size: int, chunks: Iterable[bytes]) -> None:
        """Keep a file, unless it is too large to be what its name says."""
        limits = Limits()
        if name == _MANIFEST and size <= limits.read_bytes:
            self.files[name] = b"".join(chunks)
            with suppress(BundleError):  # its opening says why it is not one
                self.manifest = read_manifest(self.files[name], file=_MANIFEST)
        elif size <= min(limits.requirements_bytes, self._left):
            self.files[name] = b"".join(chunks)
            self._left -= size + _EACH

    @property
    def missing_package_file(self) -> str | None:
        """The package file that the manifest names, if it is not there."""
        named = None if self.manifest is None else self.manifest.package_file
        return named if named not in self.files else None

    @property
    def is_complete(self) -> bool:
        """Whether the manifest, the package file and all that it includes are there."""
        if self.manifest is None:
            return False
        name = self.manifest.package_file or _USUAL
        if name not in self.files or not self.manifest.needs_python:
            return not self.manifest.needs_python
        missing: list[str] = []

        def included(name: str) -> bytes | None:
            if name not in self.files:
                missing.append(name)
            return self.files.get(name)

        with suppress(BundleError):  # the same
            parse_requirements(self.files[name], name=name, read=included, variables={})
        return not missing
